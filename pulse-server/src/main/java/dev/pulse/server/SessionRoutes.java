package dev.pulse.server;

import dev.pulse.engine.Beat;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.BeatRequest;
import dev.pulse.json.ClaimRequest;
import dev.pulse.json.RequestReader;
import dev.pulse.json.SessionJson;
import dev.pulse.json.WorkShapes;
import dev.pulse.model.ErrorCode;
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
        Rule work = Rule.inQueues(Permission.WORK);
        router.add("POST", "/sessions", work, SMALL_BODY, this::open)
                .described("openSession", "Opens the session of one worker")
                .reads(WorkShapes.SESSION_REQUEST, """
                        {"worker": "mailer-1", "types": ["email"], "lease_ttl": "30s"}""")
                .answers(201, WorkShapes.SESSION, "the session")
                .refuses(ErrorCode.SHUTTING_DOWN);
        router.add("POST", "/sessions/{id}/claim", work, SMALL_BODY, this::claim)
                .described("claimJobs", "Grants jobs to a session, waiting for the first one")
                .mayRead(WorkShapes.CLAIM, "{\"max\": 5, \"wait\": \"10ms\"}")
                .answers(200, WorkShapes.CLAIMED, "the jobs, each with its token; none where none came in time")
                .refuses(ErrorCode.SESSION_NOT_FOUND, ErrorCode.SESSION_ENDED);
        router.add("POST", "/sessions/{id}/heartbeat", work, reportBody, this::heartbeat)
                .described("heartbeat", "Keeps the lease, and hears of jobs to stop")
                .mayRead(WorkShapes.HEARTBEAT, "{\"held\": []}")
                .answers(200, WorkShapes.HEARTBEAT_ANSWER, "the lease goes on")
                .refuses(ErrorCode.SESSION_NOT_FOUND, ErrorCode.SESSION_ENDED);
        router.add("POST", "/sessions/{id}/report", work, reportBody, this::report)
                .described("reportResults", "Reports what became of attempts")
                .detail(
                        "Safe to repeat: the same report gets the same answer. A stale one is too late, and changes nothing.")
                .reads(WorkShapes.REPORTS, """
                        {"reports": [{"id": "0198c0de-0000-7000-8000-000000000001", "token": "from-the-claim", \
                        "outcome": "ack", "result": {"ok": true}}]}""")
                .answers(200, WorkShapes.REPORTED, "an answer for each, in the order given");
        router.add("DELETE", "/sessions/{id}", work, 0, this::close)
                .described("closeSession", "Ends a session and hands back all that it holds, uncharged")
                .answers(200, WorkShapes.SESSION, "the session as it was")
                .refuses(ErrorCode.SESSION_NOT_FOUND, ErrorCode.SESSION_ENDED);
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
