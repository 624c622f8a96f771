package dev.pulse.store;

import dev.pulse.model.Assignment;
import dev.pulse.model.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a claim under limits was granted.
 *
 * @param rooms what each limit leaves after this claim
 */
public record LimitedGrant(List<Assignment> granted, Map<Scope, Room> rooms) {
    /**
     * @param left how many more may start at once
     * @param again when it is worth asking again where none is left: until the next token of a rate, or shortly where another
     *     server is just asking; zero where somebody has to finish first
     */
    public record Room(int left, Duration again) {}

    public LimitedGrant {
        granted = List.copyOf(granted);
        rooms = Map.copyOf(rooms);
    }
}
