package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.json.ListQuery;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Ids;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One request as a route sees it.
 *
 * @param variables the parts of the path that the route left open
 * @param query decoded, in the order given
 * @param body the whole of it; empty where there is none
 * @param access who sent it, and what they may do
 * @param lastEventId what a reader of events says that comes back; empty where it says nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Call(
        Map<String, String> variables,
        Map<String, List<String>> query,
        byte[] body,
        Access access,
        String lastEventId) {
    /** Who sent it, for the audit log. */
    Caller caller() {
        return access.caller();
    }

    /** The id in the path. */
    UUID id() {
        String text = variables.getOrDefault("id", "");
        return Ids.parse(text)
                .orElseThrow(() -> PulseException.of(
                        ErrorCode.INVALID_ID, List.of(new Violation("id", "a UUID is expected in the path"))));
    }

    /** Refuses query parameters that the route does not know. */
    void allow(String... names) {
        ListQuery.requireKnown(query, Set.of(names));
    }
}
