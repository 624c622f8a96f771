package dev.pulse.server;

import dev.pulse.engine.Bundles.SubmittedBundle;
import dev.pulse.json.BundleJson;
import dev.pulse.json.BundleQuery;
import dev.pulse.json.BundleReader;
import dev.pulse.json.RequestReader;
import dev.pulse.model.Bundle;
import dev.pulse.model.Permission;
import java.time.Duration;
import java.util.List;

/** The REST routes about bundles. Each call on its own virtual thread. */
final class BundleRoutes {
    private static final int SMALL_BODY = 64 << 10;

    private final Desks desks;
    private final BundleReader reader;

    BundleRoutes(Desks desks, BundleReader reader) {
        this.desks = desks;
        this.reader = reader;
    }

    void addTo(Router router, int batchBody) {
        router.add("POST", "/bundles", Rule.inQueues(Permission.SUBMIT), batchBody, this::submit);
        router.add("GET", "/bundles", Rule.inQueues(Permission.READ), 0, this::list);
        router.add("GET", "/bundles/{id}", Rule.inQueues(Permission.READ), 0, this::get);
        router.add("GET", "/bundles/{id}/wait", Rule.inQueues(Permission.READ), 0, this::await);
        router.add("POST", "/bundles/{id}/cancel", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::cancel);
        router.add("DELETE", "/bundles/{id}", Rule.inQueues(Permission.OPERATE), 0, this::delete);
    }

    private Reply submit(Call call) {
        call.allow();
        SubmittedBundle submitted = desks.of(call).bundles().submit(reader.read(call.body()));
        Bundle bundle = submitted.bundle();
        return submitted.duplicate()
                ? Reply.ok(BundleJson.duplicate(bundle))
                : Reply.created("/bundles/" + bundle.id(), BundleJson.bundle(bundle));
    }

    private Reply list(Call call) {
        BundleQuery query = BundleQuery.parse(call.query());
        return Reply.ok(BundleJson.page(desks.of(call).bundles().list(query.filter(), query.limit(), query.cursor())));
    }

    private Reply get(Call call) {
        call.allow();
        return Reply.ok(BundleJson.bundle(desks.of(call).bundles().get(call.id())));
    }

    private Reply await(Call call) {
        call.allow("timeout");
        Duration patience = JobRoutes.patience(call.query().getOrDefault("timeout", List.of()));
        Bundle bundle = Waiting.onLongCall(desks.of(call).bundles().await(call.id(), patience), patience);
        return Reply.json(bundle.status().isFinal() ? 200 : 202, BundleJson.bundle(bundle));
    }

    private Reply cancel(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        return Reply.ok(BundleJson.bundle(desks.of(call).bundles().cancel(call.id())));
    }

    private Reply delete(Call call) {
        call.allow();
        return Reply.ok(BundleJson.bundle(desks.of(call).bundles().delete(call.id())));
    }
}
