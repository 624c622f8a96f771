package dev.pulse.server;

import dev.pulse.access.ApiKeys;
import dev.pulse.json.KeyJson;
import dev.pulse.json.KeyReader;
import dev.pulse.json.KeyShapes;
import dev.pulse.json.ListQuery;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import java.util.Set;

/** The REST routes for API keys. Each call on its own virtual thread. */
final class KeyRoutes {
    private static final int SMALL_BODY = 64 << 10;
    private static final Rule RULE = Rule.system(Permission.ADMINISTER);

    private final ApiKeys keys;

    KeyRoutes(ApiKeys keys) {
        this.keys = keys;
    }

    void addTo(Router router) {
        router.add("POST", "/keys", RULE, SMALL_BODY, this::create)
                .described("createKey", "Makes an API key; the answer holds the whole of it, this once")
                .reads(KeyShapes.ORDER, "{\"name\": \"ci\", \"roles\": [\"producer\"], \"queues\": [\"mail\"]}")
                .answers(201, KeyShapes.CREATED, "the key");
        router.add("GET", "/keys", RULE, 0, this::list)
                .described("listKeys", "API keys, newest first, with those that have ended")
                .takesPage()
                .answers(200, KeyShapes.KEYS, "one page");
        router.add("DELETE", "/keys/{id}", RULE, 0, this::revoke)
                .described("revokeKey", "Ends an API key; every server refuses it within seconds")
                .variable("id", KeyShapes.ID)
                .answers(200, KeyShapes.KEY, "as it is since")
                .refuses(ErrorCode.API_KEY_NOT_FOUND);
    }

    private Reply create(Call call) {
        call.allow();
        CreatedKey created = keys.create(KeyReader.order(call.body()), call.caller());
        return Reply.created("/keys/" + created.info().id(), KeyJson.created(created));
    }

    private Reply list(Call call) {
        ListQuery.requireKnown(call.query(), Set.of("limit", "cursor"));
        ListQuery query = ListQuery.parse(call.query(), Set.of());
        return Reply.ok(KeyJson.page(keys.list(query.limit(), query.cursor())));
    }

    private Reply revoke(Call call) {
        call.allow();
        return Reply.ok(KeyJson.key(keys.revoke(call.variables().getOrDefault("id", ""), call.caller())));
    }
}
