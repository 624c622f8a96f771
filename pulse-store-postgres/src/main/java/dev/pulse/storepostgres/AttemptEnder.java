package dev.pulse.storepostgres;

import dev.pulse.model.AttemptError;
import dev.pulse.model.AttemptState;
import dev.pulse.model.Decision;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.Payload;
import dev.pulse.model.ReportAnswer;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts by their token. Stop 9 of the path; runs on the caller's thread, inside the caller's unit of work. Keeps
 * I3, I9.
 *
 * <p>Ack and Drop need no decision and go straight to the fenced statement: that is the plain path, one statement for a
 * batch. Where a failure is among the reports, all turns of the batch are locked first, in the one order that every batch
 * has; then, with a snapshot taken after the lock, what the policy needs is read, and then decided.
 */
final class AttemptEnder {
    /** A turn that moved between lock and delete is tried again; that needs somebody else's update, so twice is plenty. */
    private static final int MAX_ROUNDS = 5;

    private final LaneRegistry lanes;

    AttemptEnder(LaneRegistry lanes) {
        this.lanes = lanes;
    }

    /** Whether these reports are one statement: then they need no transaction around them. */
    static boolean isPlain(List<Report> reports) {
        return reports.stream().allMatch(report -> completes(report.outcome()));
    }

    private static boolean completes(Outcome outcome) {
        return outcome instanceof Outcome.Ack || outcome instanceof Outcome.Drop;
    }

    /** Ends what can be ended and answers each report. */
    List<Ended> end(Database.Calls calls, List<Report> reports, Decider decider) throws SQLException {
        @Nullable Decision[] decisions = decide(calls, reports, decider);
        @Nullable Ended[] answers = new Ended[reports.size()];
        Set<Map.Entry<UUID, LeaseToken>> seen = new HashSet<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < decisions.length; i++) {
            if (decisions[i] != null
                    && seen.add(Map.entry(reports.get(i).jobId(), reports.get(i).token()))) {
                open.add(i);
            }
        }
        for (int round = 0; !open.isEmpty(); round++) {
            if (round == MAX_ROUNDS) {
                throw new SQLException("turns moved under " + MAX_ROUNDS + " tries to end them", "40001");
            }
            open = apply(calls, reports, decisions, open, answers);
        }
        answerRest(calls, reports, answers);
        return Arrays.stream(answers).map(Objects::requireNonNull).toList();
    }

    private @Nullable Decision[] decide(Database.Calls calls, List<Report> reports, Decider decider)
            throws SQLException {
        @Nullable Decision[] decisions = new Decision[reports.size()];
        List<Integer> failures = new ArrayList<>();
        for (int i = 0; i < decisions.length; i++) {
            switch (reports.get(i).outcome()) {
                case Outcome.Ack(Payload result) -> decisions[i] = OutcomePolicy.completed(OutcomeKind.ACK, result);
                case Outcome.Drop() -> decisions[i] = OutcomePolicy.completed(OutcomeKind.DROP, null);
                default -> failures.add(i);
            }
        }
        if (!failures.isEmpty()) {
            places(calls.sql(Statement.TURN_LOCK), reports).list(row -> row.getLong("seq"));
            decideFailures(calls, reports, failures, decider, decisions);
        }
        return decisions;
    }

    private void decideFailures(
            Database.Calls calls,
            List<Report> reports,
            List<Integer> failures,
            Decider decider,
            @Nullable Decision[] decisions)
            throws SQLException {
        List<Report> failed = failures.stream().map(reports::get).toList();
        List<LaneRegistry.Key> suspects = new ArrayList<>();
        places(calls.sql(Statement.TURN_STATE).setPlaces("places", failed.size()), failed)
                .list(row -> {
                    int place = row.getInt("place");
                    AttemptState state = new AttemptState(
                            JobRow.policy(row),
                            row.getInt("charged"),
                            row.getInt("crashes"),
                            row.getBoolean("cancel_requested"));
                    Decision decision = decider.decide(state, failed.get(place).outcome());
                    decisions[failures.get(place)] = decision;
                    if (decision.crashes() >= OutcomePolicy.SUSPECT_FROM) {
                        suspects.add(lanes.key(failed.get(place).token().lane()).asSuspect());
                    }
                    return decision;
                });
        lanes.ensure(suspects);
    }

    private static Sql places(Sql sql, List<Report> reports) throws SQLException {
        return sql.setColumn("job_ids", "uuid", reports, Report::jobId)
                .setColumn("lanes", "int4", reports, report -> report.token().lane())
                .setColumn("seqs", "int8", reports, report -> report.token().seq())
                .setColumn("tokens", "uuid", reports, report -> report.token().secret());
    }

    /** Returns the places that were held but not applied. */
    private static List<Integer> apply(
            Database.Calls calls,
            List<Report> reports,
            @Nullable Decision[] decisions,
            List<Integer> open,
            @Nullable Ended[] answers)
            throws SQLException {
        List<Report> batch = open.stream().map(reports::get).toList();
        List<Decision> decided =
                open.stream().map(i -> Objects.requireNonNull(decisions[i])).toList();
        Set<Integer> held = new LinkedHashSet<>();
        Set<Integer> applied = new HashSet<>();
        bind(places(calls.sql(Statement.ATTEMPT_END).setPlaces("places", batch.size()), batch), decided)
                .list(row -> {
                    int place = row.getInt("place");
                    int index = open.get(place);
                    if (!row.getBoolean("applied")) {
                        held.add(index);
                        return place;
                    }
                    applied.add(index);
                    calls.writesIn(row.getLong("transaction"));
                    Report report = batch.get(place);
                    Decision decision = decided.get(place);
                    answers[index] = new Ended(
                            report.jobId(),
                            report.token(),
                            ReportAnswer.APPLIED,
                            decision.to(),
                            decision.delay(),
                            decision.to().isFinal() ? Sql.nullableUuid(row, "bundle") : null);
                    return place;
                });
        held.removeAll(applied);
        return List.copyOf(held);
    }

    private static Sql bind(Sql sql, List<Decision> decisions) throws SQLException {
        return sql.setColumn("outcomes", "text", decisions, d -> d.outcome().wireName())
                .setColumn("statuses", "text", decisions, d -> d.to().wireName())
                .setColumn("delays", "int8", decisions, d -> JobColumns.millis(d.delay()))
                .setColumn("charged", "int4", decisions, Decision::charged)
                .setColumn("crashes", "int4", decisions, Decision::crashes)
                .setColumn("error_types", "text", decisions, error(AttemptError::type))
                .setColumn("error_messages", "text", decisions, error(AttemptError::message))
                .setColumn("error_stacks", "text", decisions, error(AttemptError::stack))
                .setColumn("results", "bytea", decisions, AttemptEnder::resultBytes)
                .setColumn("result_types", "text", decisions, d -> JobRow.contentType(d.result()));
    }

    private static Function<Decision, @Nullable Object> error(Function<AttemptError, @Nullable Object> part) {
        return decision -> {
            AttemptError error = decision.error();
            return error == null ? null : part.apply(error);
        };
    }

    private static @Nullable Object resultBytes(Decision decision) {
        Payload result = decision.result();
        return result == null ? null : result.bytes();
    }

    /** Repeats, stale ones and unknown ones: what the history says of the token. */
    private static void answerRest(Database.Calls calls, List<Report> reports, @Nullable Ended[] answers)
            throws SQLException {
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                rest.add(i);
            }
        }
        if (rest.isEmpty()) {
            return;
        }
        List<Report> batch = rest.stream().map(reports::get).toList();
        Map<Integer, ReportAnswer> found = new HashMap<>();
        calls.sql(Statement.ATTEMPT_FIND)
                .setPlaces("places", batch.size())
                .setColumn("job_ids", "uuid", batch, Report::jobId)
                .setColumn("tokens", "uuid", batch, report -> report.token().secret())
                .list(row -> {
                    int place = row.getInt("place");
                    String ended = row.getString("outcome");
                    String reported = batch.get(place).outcome().kind().wireName();
                    ReportAnswer answer = !row.getBoolean("known")
                            ? ReportAnswer.UNKNOWN
                            : reported.equals(ended) ? ReportAnswer.APPLIED : ReportAnswer.STALE;
                    return found.put(place, answer);
                });
        for (int place = 0; place < batch.size(); place++) {
            Report report = batch.get(place);
            ReportAnswer answer = Objects.requireNonNull(found.get(place));
            answers[rest.get(place)] = new Ended(report.jobId(), report.token(), answer, null, null);
        }
    }

    /**
     * The attempts that lapsed sessions held, as reports of their lapse, locked; but for those that somebody is just ending,
     * perhaps in a transaction of a caller's that stays open for long: their sessions are left for the next sweep.
     */
    static List<Report> lapses(Database.Calls calls, List<UUID> sessions) throws SQLException {
        if (sessions.isEmpty()) {
            return List.of();
        }
        List<Report> lapses = new ArrayList<>();
        Set<UUID> busy = new HashSet<>();
        calls.sql(Statement.TURN_SEIZE).setUuids("sessions", sessions).list(row -> {
            LeaseToken token = new LeaseToken(row.getInt("lane"), row.getLong("seq"), Sql.uuid(row, "token"));
            return row.getBoolean("seized")
                    ? lapses.add(new Report(Sql.uuid(row, "job_id"), token, new Outcome.Lapse()))
                    : busy.add(Sql.uuid(row, "session"));
        });
        if (!busy.isEmpty()) {
            calls.sql(Statement.SESSION_UNSWEEP).setUuids("sessions", busy).update();
        }
        return lapses;
    }
}
