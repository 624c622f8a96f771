package dev.pulse.storememory;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.store.Acted;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Claim;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Held;
import dev.pulse.store.Inserted;
import dev.pulse.store.JobStore;
import dev.pulse.store.Lane;
import dev.pulse.store.Promoted;
import dev.pulse.store.Report;
import dev.pulse.store.ServerStore;
import dev.pulse.store.SessionStore;
import dev.pulse.store.StoreFixture;
import dev.pulse.store.Swept;
import dev.pulse.store.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One of two stores that are asked the same. Its answers are put so that they can be compared: no lane number, no place, no
 * token, no moment in time, because in these two right stores may differ.
 */
final class ModelSide {
    private static final UUID SERVER = new UUID(0, 1);

    private final StoreFixture fixture;
    private final JobStore jobs;
    private final SessionStore sessions;
    private final ServerStore servers;
    private final Decider decider;
    private final Map<Grant, LeaseToken> tokens = new HashMap<>();

    ModelSide(StoreFixture fixture) {
        this.fixture = fixture;
        this.jobs = fixture.stores().jobs();
        this.sessions = fixture.stores().sessions();
        this.servers = fixture.stores().servers();
        this.decider = fixture.decider();
    }

    /** An attempt by what both sides know of it. */
    record Grant(UUID job, int attempt) {}

    /** A report that each side sends with its own token. */
    record Say(Grant grant, Outcome outcome, boolean forged) {}

    record Granted(UUID job, UUID session, int attempt, boolean suspect) {}

    /** A line of the history without its moments. */
    private record Line(int number, String worker, String outcome, String error, boolean started, boolean ended) {}

    List<String> insert(List<Submission> batch, boolean atomic) {
        try {
            return jobs.insert(batch, atomic).stream().map(ModelSide::said).toList();
        } catch (PulseException refusal) {
            return List.of(
                    refusal.code().name(),
                    refusal.violations().stream().map(Violation::field).toList().toString());
        }
    }

    private static String said(Inserted answer) {
        return switch (answer) {
            case Inserted.Stored stored -> stored.status() + " " + stored.dueIn();
            case Inserted.Duplicate(UUID id) -> "duplicate of " + id;
            case Inserted.Refused(PulseException reason) -> reason.code() + " " + reason.field();
        };
    }

    List<Granted> claim(Set<String> types, List<UUID> slots) {
        List<Claim.LaneStart> from = jobs.lanes().stream()
                .filter(lane -> types.contains(lane.type()))
                .map(lane -> new Claim.LaneStart(lane.number(), lane.priority(), 0))
                .toList();
        List<Granted> granted = new ArrayList<>();
        for (Assignment one : jobs.claim(new Claim(from, slots))) {
            tokens.put(new Grant(one.facts().id(), one.attempt()), one.token());
            granted.add(new Granted(one.facts().id(), one.session(), one.attempt(), one.suspect()));
        }
        return granted;
    }

    List<String> end(List<Say> reports) {
        List<Report> sent = reports.stream().map(this::report).toList();
        return jobs.end(sent, decider).stream().map(ModelSide::said).toList();
    }

    private Report report(Say say) {
        LeaseToken token = tokens.get(say.grant);
        if (token == null || say.forged) {
            token = new LeaseToken(1, 1, say.grant.job);
        }
        return new Report(say.grant.job, token, say.outcome);
    }

    private static String said(Ended ended) {
        return ended.jobId() + " " + ended.answer() + " " + ended.status() + " " + ended.delay();
    }

    Acted cancel(UUID id) {
        return said(jobs.cancel(id, "walker"));
    }

    Acted requeue(UUID id) {
        return said(jobs.requeue(id));
    }

    Acted runNow(UUID id) {
        return said(jobs.runNow(id));
    }

    Acted delete(UUID id) {
        return said(jobs.delete(id));
    }

    private static Acted said(Acted acted) {
        return acted instanceof Acted.Done(var status, int lane, UUID session)
                ? new Acted.Done(status, lane == 0 ? 0 : 1, session)
                : acted;
    }

    String promote(int limit) {
        Promoted promoted = jobs.promote(limit);
        Map<Integer, Lane> lanes = new HashMap<>();
        jobs.lanes().forEach(lane -> lanes.put(lane.number(), lane));
        Set<String> got = new TreeSet<>();
        promoted.lanes().forEach(number -> {
            Lane lane = lanes.get(number);
            got.add(lane == null ? "lane " + number + " is not known" : named(lane));
        });
        return promoted.count() + " into " + got + (promoted.untilNext() == null ? ", none waits" : ", more wait");
    }

    private static String named(Lane lane) {
        return lane.queue() + "/" + lane.type() + "/" + lane.priority() + (lane.suspect() ? "/suspect" : "");
    }

    String open(SessionSpec spec) {
        try {
            sessions.open(spec);
            return "open";
        } catch (PulseException refusal) {
            return refusal.code().name();
        }
    }

    Set<UUID> heartbeat(UUID session) {
        return sessions.heartbeat(Set.of(session));
    }

    /** Hands everything back, then closes. */
    List<String> close(UUID session) {
        List<Report> back = sessions.heldBy(session).stream()
                .sorted((a, b) -> Tables.BY_ID.compare(a.jobId(), b.jobId()))
                .map(held -> new Report(held.jobId(), held.token(), new Outcome.Release()))
                .toList();
        List<String> answers =
                jobs.end(back, decider).stream().map(ModelSide::said).toList();
        sessions.close(session);
        return answers;
    }

    String sweep() {
        Term term = servers.lead(SERVER, Duration.ofDays(1)).orElseThrow();
        Swept swept = sessions.sweep(term, 100, decider);
        Set<String> ended = new TreeSet<>();
        swept.jobs().forEach(job -> ended.add(said(job)));
        return new TreeSet<>(swept.sessions()) + " braked " + swept.braked() + " ended " + ended;
    }

    void raiseLeaseFloor() {
        servers.raiseLeaseFloor();
    }

    void advance(Duration time) {
        fixture.advance(time);
    }

    Set<CancelKey> cancelRequests(Set<UUID> asked) {
        Set<CancelKey> found = new HashSet<>();
        for (CancelRequest request : sessions.cancelRequests(asked)) {
            found.add(new CancelKey(request.session(), request.jobId()));
        }
        return found;
    }

    record CancelKey(UUID session, UUID job) {}

    Set<UUID> heldBy(UUID session) {
        Set<UUID> held = new HashSet<>();
        for (Held one : sessions.heldBy(session)) {
            held.add(one.jobId());
        }
        return held;
    }

    Map<UUID, String> sessions() {
        Map<UUID, String> alive = new TreeMap<>();
        sessions.sessions()
                .forEach(info -> alive.put(info.spec().id(), info.spec().worker() + " " + info.running()));
        return alive;
    }

    Set<UUID> finished(Set<UUID> ids) {
        return jobs.finished(ids);
    }

    String counts() {
        var counts = jobs.counts();
        return counts.byType() + (counts.oldestPending() == null ? ", none ready" : ", some ready");
    }

    Set<UUID> list(JobFilter filter) {
        Set<UUID> seen = new HashSet<>();
        String cursor = null;
        do {
            var page = jobs.list(filter, 7, cursor);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
        } while (cursor != null);
        return seen;
    }

    /** All of a job that does not depend on the moment. */
    List<?> find(UUID id) {
        Optional<Job> found = jobs.find(id);
        if (found.isEmpty()) {
            return List.of();
        }
        Job job = found.get();
        return List.of(
                job.facts().type(),
                job.facts().payload().text(),
                job.status(),
                job.attempt(),
                "runAt " + (job.runAt() != null),
                "startedAt " + (job.startedAt() != null),
                "finishedAt " + (job.finishedAt() != null),
                "error " + job.error(),
                "result " + job.result(),
                job.attempts().stream().map(ModelSide::line).toList());
    }

    private static Line line(Attempt attempt) {
        return new Line(
                attempt.number(),
                "" + attempt.worker(),
                "" + attempt.outcome(),
                attempt.startedAt() == null || attempt.error() == null
                        ? ""
                        : attempt.error().type(),
                attempt.startedAt() != null,
                attempt.endedAt() != null);
    }
}
