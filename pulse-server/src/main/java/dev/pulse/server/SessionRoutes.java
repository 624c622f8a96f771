package dev.pulse.server;

import dev.pulse.engine.Beat;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.BeatRequest;
import dev.pulse.json.ClaimRequest;
import dev.pulse.json.RequestReader;
import dev.pulse.json.SessionJson;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Permission;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Report;
import java.util.List;

/** The REST routes of workers that speak HTTP. Stops 6 and 8 of the path; keeps I3 by carrying tokens as they came. */
final class SessionRoutes {
    private static final int SMALL_BODY = 256 << 10;

    private final Desks desks;
    private final IdSource ids;
    private final Limits limits;

    SessionRoutes(Desks desks, IdSource ids, Limits limits) {
        this.desks = desks;
        this.ids = ids;
        this.limits = limits;
    }

    void addTo(Router router, int reportBody) {
        router.add("POST", "/sessions", Rule.inQueues(Permission.WORK), SMALL_BODY, this::open);
        router.add("POST", "/sessions/{id}/claim", Rule.inQueues(Permission.WORK), SMALL_BODY, this::claim);
        router.add("POST", "/sessions/{id}/heartbeat", Rule.inQueues(Permission.WORK), reportBody, this::heartbeat);
        router.add("POST", "/sessions/{id}/report", Rule.inQueues(Permission.WORK), reportBody, this::report);
        router.add("DELETE", "/sessions/{id}", Rule.inQueues(Permission.WORK), 0, this::close);
    }

    private Reply open(Call call) {
        call.allow();
        SessionSpec spec = desks.of(call)
                .sessions()
                .open(RequestReader.session(call.body(), ids.next()))
                .spec();
        return Reply.created("/sessions/" + spec.id(), SessionJson.opened(spec));
    }

    private Reply claim(Call call) {
        call.allow();
        ClaimRequest request = RequestReader.claim(call.body());
        WorkerSession session = desks.of(call).sessions().require(call.id());
        return Reply.ok(SessionJson.claimed(
                Waiting.onLongCall(session.claim(request.max(), request.patience()), request.patience())));
    }

    private Reply heartbeat(Call call) {
        call.allow();
        BeatRequest said = RequestReader.heartbeat(call.body());
        WorkerSession session = desks.of(call).sessions().require(call.id());
        desks.of(call).sessions().note(said.notes());
        Beat beat = Waiting.on(said.held().map(session::heartbeat).orElseGet(session::heartbeat));
        return Reply.ok(SessionJson.heartbeat(beat.cancel(), beat.drain()));
    }

    private Reply report(Call call) {
        call.allow();
        List<Report> reports = RequestReader.reports(call.body(), limits);
        return Reply.ok(
                SessionJson.reported(Waiting.on(desks.of(call).sessions().report(call.id(), reports))));
    }

    private Reply close(Call call) {
        call.allow();
        WorkerSession session = desks.of(call).sessions().require(call.id());
        Waiting.on(session.close());
        return Reply.ok(SessionJson.opened(session.spec()));
    }
}
