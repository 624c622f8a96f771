package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.pulse.model.Assignment;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Submission;
import dev.pulse.model.Transition;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every status times every act: the job moves exactly where {@link Transition} says, and only then. Whether an act is
 * legal is read from the table, nowhere else; an edge of the table that no case takes fails the suite. Shows I5, I7.
 */
public abstract class TransitionMatrixContract extends StoreContract {
    private static final String TYPE = "matrix-";

    private int cases;

    /** What makes a running job take another way out than the plain one. */
    private enum Twist {
        NONE,
        LAST_ATTEMPT,
        THIRD_LAPSE,
        CANCEL_ASKED
    }

    /** Something that is done to a job, and the move that it is meant to be. */
    private sealed interface Act {
        record Claim() implements Act {}

        record End(OutcomeKind kind, Twist twist) implements Act {}

        record EndWithStaleToken(OutcomeKind kind) implements Act {}

        record PromoteWhenDue() implements Act {}

        record PromoteTooEarly() implements Act {}

        record RunNow() implements Act {}

        record Cancel() implements Act {}

        record Requeue() implements Act {}

        record SubmitAgain() implements Act {}
    }

    /** A job brought to a status, with what a late worker of its would still hold. */
    private record Subject(
            Submission submission,
            LeaseToken token,
            @Nullable OutcomeKind lastOutcome) {
        UUID id() {
            return submission.id();
        }
    }

    // ---- the cases

    @TestFactory
    Stream<DynamicTest> everyStatusTimesEveryAct() {
        return Stream.of(JobStatus.values())
                .flatMap(status ->
                        acts(status).map(act -> dynamicTest(status + " × " + act, () -> check(status, act))));
    }

    /** A waiting or final job has no live attempt, so that a twist means something for a running one only. */
    private static Stream<Act> acts(JobStatus status) {
        List<Act> plain = List.of(
                new Act.Claim(),
                new Act.PromoteWhenDue(),
                new Act.PromoteTooEarly(),
                new Act.RunNow(),
                new Act.Cancel(),
                new Act.Requeue(),
                new Act.SubmitAgain());
        Set<Twist> twists = status == JobStatus.RUNNING ? EnumSet.allOf(Twist.class) : EnumSet.of(Twist.NONE);
        Stream<Act> ends =
                Stream.of(OutcomeKind.values()).flatMap(kind -> twists.stream().map(twist -> new Act.End(kind, twist)));
        Stream<Act> stale = Stream.of(OutcomeKind.values()).map(Act.EndWithStaleToken::new);
        return Stream.of(plain.stream(), ends, stale).flatMap(some -> some);
    }

    private void check(JobStatus status, Act act) {
        Subject subject = bring(status, act instanceof Act.End(OutcomeKind kind, Twist twist) ? twist : Twist.NONE);
        Transition move = moveOf(act);
        boolean moves = move != null && move.isLegalFrom(status);

        Job before = fixture.find(subject.id());
        assertThat(before.status()).isEqualTo(status);
        perform(act, subject, status, moves);

        if (move != null && moves) {
            assertThat(move.to()).containsExactly(fixture.status(subject.id()));
        } else {
            assertThat(fixture.find(subject.id())).isEqualTo(before);
        }
    }

    /** The move that the act is, were it legal; null for an act that must never move anything. */
    private static @Nullable Transition moveOf(Act act) {
        return switch (act) {
            case Act.Claim() -> Transition.CLAIM;
            case Act.End(OutcomeKind kind, Twist twist) -> moveOf(kind, twist);
            case Act.PromoteWhenDue() -> Transition.PROMOTE;
            case Act.RunNow() -> Transition.PROMOTE;
            case Act.Cancel() -> Transition.CANCEL;
            case Act.Requeue() -> Transition.REQUEUE;
            case Act.EndWithStaleToken(OutcomeKind kind) -> null;
            case Act.PromoteTooEarly() -> null;
            case Act.SubmitAgain() -> null;
        };
    }

    private static Transition moveOf(OutcomeKind kind, Twist twist) {
        if (kind == OutcomeKind.ACK || kind == OutcomeKind.DROP) {
            return Transition.COMPLETE;
        }
        if (twist == Twist.CANCEL_ASKED) {
            return Transition.ABORT;
        }
        return switch (kind) {
            case DEAD_LETTER -> Transition.BURY;
            case SNOOZE -> Transition.SNOOZE;
            case RELEASE -> Transition.RELEASE;
            case LAPSE -> twist == Twist.NONE ? Transition.LAPSE : Transition.BURY;
            case RETRY, FAIL, TIMEOUT, CANCELED -> twist == Twist.LAST_ATTEMPT ? Transition.BURY : Transition.RETRY;
            case ACK, DROP -> throw new AssertionError(kind);
        };
    }

    // ---- doing it

    private void perform(Act act, Subject subject, JobStatus status, boolean moves) {
        switch (act) {
            case Act.Claim() -> claim(subject, moves);
            case Act.End(OutcomeKind kind, Twist twist) -> end(subject, kind, moves);
            case Act.EndWithStaleToken(OutcomeKind kind) ->
                assertThat(report(subject, JobFixture.forged(subject.token), kind)
                                .answer())
                        .isEqualTo(ReportAnswer.STALE);
            case Act.PromoteWhenDue() -> fixture.promoteAll();
            case Act.PromoteTooEarly() -> jobs.promote(1_000);
            case Act.RunNow() -> acted(jobs.runNow(subject.id()), status, moves || status == JobStatus.PENDING);
            case Act.Cancel() -> acted(jobs.cancel(subject.id(), "ann"), status, moves || status == JobStatus.RUNNING);
            case Act.Requeue() -> acted(jobs.requeue(subject.id()), status, moves);
            case Act.SubmitAgain() ->
                assertThat(fixture.submit(subject.submission)).isEqualTo(new Inserted.Duplicate(subject.id()));
        }
    }

    private void claim(Subject subject, boolean moves) {
        List<Assignment> granted = fixture.claim(fixture.session(), 5, subject.submission.type());
        assertThat(JobFixture.ids(granted)).isEqualTo(moves ? List.of(subject.id()) : List.of());
    }

    private void end(Subject subject, OutcomeKind kind, boolean moves) {
        Ended ended = report(subject, subject.token, kind);
        boolean repeat = kind == subject.lastOutcome;
        assertThat(ended.answer()).isEqualTo(moves || repeat ? ReportAnswer.APPLIED : ReportAnswer.STALE);
        assertThat(ended.status()).isEqualTo(moves ? fixture.status(subject.id()) : null);
    }

    private Ended report(Subject subject, LeaseToken token, OutcomeKind kind) {
        return fixture.end(subject.id(), token, JobFixture.outcome(kind));
    }

    private static void acted(Acted acted, JobStatus status, boolean done) {
        if (done) {
            assertThat(acted).isInstanceOf(Acted.Done.class);
        } else {
            assertThat(acted).isEqualTo(new Acted.Illegal(status));
        }
    }

    // ---- bringing a job to a status

    private Subject bring(JobStatus status, Twist twist) {
        JobFixture.Draft draft = fixture.job().type(TYPE + cases++).id(fixture.newId());
        if (twist == Twist.LAST_ATTEMPT) {
            draft.maxAttempts(1);
        }
        return switch (status) {
            case SCHEDULED -> waiting(draft, draft.scheduled());
            case PENDING -> waiting(draft, draft.submitted());
            case RUNNING -> ran(draft, running(draft, twist), null);
            case RETRYING -> ran(draft, draft.retrying(), OutcomeKind.FAIL);
            case COMPLETED -> ran(draft, draft.completed(), OutcomeKind.ACK);
            case DEAD_LETTERED -> ran(draft, draft.deadLettered(), OutcomeKind.DEAD_LETTER);
            case CANCELED -> ran(draft, draft.canceled(), OutcomeKind.FAIL);
        };
    }

    private Assignment running(JobFixture.Draft draft, Twist twist) {
        Assignment granted = draft.running();
        switch (twist) {
            case NONE, LAST_ATTEMPT -> {}
            case CANCEL_ASKED -> jobs.cancel(granted.facts().id(), "ann");
            case THIRD_LAPSE -> {
                for (int lapses = 0; lapses < 2; lapses++) {
                    fixture.end(granted, JobFixture.outcome(OutcomeKind.LAPSE));
                    jobs.runNow(granted.facts().id());
                    granted = fixture.claimOne(granted.facts().type());
                }
            }
        }
        return granted;
    }

    /** Nobody ever held it: the token is one that nobody was given. */
    private static Subject waiting(JobFixture.Draft draft, UUID id) {
        return new Subject(draft.submission(), new LeaseToken(1, 1, id), null);
    }

    private static Subject ran(JobFixture.Draft draft, Assignment held, @Nullable OutcomeKind lastOutcome) {
        return new Subject(draft.submission(), held.token(), lastOutcome);
    }

    // ---- deletion is no move, but has a rule of its own

    @TestFactory
    Stream<DynamicTest> everyStatusButRunningCanBeDeleted() {
        return Stream.of(JobStatus.values())
                .map(status -> dynamicTest("delete " + status, () -> {
                    Subject subject = bring(status, Twist.NONE);

                    Acted acted = jobs.delete(subject.id());

                    if (status == JobStatus.RUNNING) {
                        assertThat(acted).isEqualTo(new Acted.Illegal(status));
                        assertThat(fixture.status(subject.id())).isEqualTo(status);
                    } else {
                        assertThat(acted).isEqualTo(new Acted.Done(status, 0, null));
                        assertThat(jobs.find(subject.id())).isEmpty();
                    }
                }));
    }

    // ---- the matrix has no hole

    @Test
    void theCasesTakeEveryEdgeOfTheTable() {
        Map<Transition, Set<JobStatus>> taken = new EnumMap<>(Transition.class);
        for (JobStatus status : JobStatus.values()) {
            acts(status).map(TransitionMatrixContract::moveOf).forEach(move -> {
                if (move != null && move.isLegalFrom(status)) {
                    taken.computeIfAbsent(move, any -> EnumSet.noneOf(JobStatus.class))
                            .add(status);
                }
            });
        }

        for (Transition move : Transition.values()) {
            if (move != Transition.SUBMIT) {
                assertThat(taken.get(move)).as("%s is taken from", move).isEqualTo(move.from());
            }
        }
    }

    @Test
    void aSubmissionIsBornWhereTheTableSays() {
        assertThat(Transition.SUBMIT.to())
                .containsExactlyInAnyOrder(
                        fixture.status(fixture.job().submitted()),
                        fixture.status(fixture.job().scheduled()));
    }
}
