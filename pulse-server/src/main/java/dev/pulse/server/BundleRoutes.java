package dev.pulse.server;

import dev.pulse.engine.Bundles.SubmittedBundle;
import dev.pulse.json.BundleJson;
import dev.pulse.json.BundleQuery;
import dev.pulse.json.BundleReader;
import dev.pulse.json.JobShapes;
import dev.pulse.json.RequestReader;
import dev.pulse.json.Schema;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.Bundle;
import dev.pulse.model.ErrorCode;
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
        router.add("POST", "/bundles", Rule.inQueues(Permission.SUBMIT), batchBody, this::submit)
                .described("createBundle", "Submits jobs that belong together, all or none")
                .reads(SystemShapes.BUNDLE_REQUEST, """
                        {"type": "import", "jobs": [{"type": "row"}, {"type": "row"}], "on_complete": {"type": "report"}}""")
                .answers(201, SystemShapes.BUNDLE, "the bundle, stored")
                .answers(200, SystemShapes.BUNDLE, "the bundle that has this id already")
                .refuses(ErrorCode.ID_CONFLICT, ErrorCode.KEY_CONFLICT)
                .refuses(ErrorCode.PAYLOAD_TOO_LARGE, ErrorCode.TOO_MANY_ITEMS);
        router.add("GET", "/bundles", Rule.inQueues(Permission.READ), 0, this::list)
                .described("listBundles", "Lists bundles, newest first")
                .takes("status", SystemShapes.BUNDLE_STATUS, "open")
                .takes("parent_id", JobShapes.ID, "")
                .takes("type", JobShapes.NAME, "import")
                .takes("origin", Schema.text(), "shop")
                .takes("since", JobShapes.INSTANT, "2026-01-01T00:00:00Z")
                .takes("until", JobShapes.INSTANT, "2126-01-01T00:00:00Z")
                .takesPage()
                .answers(200, SystemShapes.BUNDLES, "one page");
        one(router.add("GET", "/bundles/{id}", Rule.inQueues(Permission.READ), 0, this::get))
                .described("getBundle", "A bundle with its counts");
        one(router.add("GET", "/bundles/{id}/wait", Rule.inQueues(Permission.READ), 0, this::await))
                .described("waitBundle", "Waits until all jobs of a bundle are final")
                .takes("timeout", JobShapes.DURATION.says("30s where it is left out, 5m at most"), "10ms")
                .answers(202, SystemShapes.BUNDLE, "not final yet");
        one(router.add("POST", "/bundles/{id}/cancel", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::cancel))
                .described("cancelBundle", "Cancels the jobs of a bundle that are not final")
                .mayRead(SystemShapes.NOTHING)
                .refuses(ErrorCode.ILLEGAL_STATUS);
        one(router.add("DELETE", "/bundles/{id}", Rule.inQueues(Permission.OPERATE), 0, this::delete))
                .described("deleteBundle", "Deletes a bundle that is final, with its jobs")
                .refuses(ErrorCode.ILLEGAL_STATUS);
    }

    private static Operation one(Operation operation) {
        return operation.answers(200, SystemShapes.BUNDLE, "the bundle").refuses(ErrorCode.BUNDLE_NOT_FOUND);
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
