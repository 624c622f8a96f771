package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Ended;
import dev.pulse.store.Held;
import dev.pulse.store.Report;
import dev.pulse.store.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What sessions say to this server: hello, credits, claims, heartbeats, reports, goodbye. Any thread; only
 * {@link #attach} and {@link #takeUp} ask the store on the caller's.
 */
final class Sessions {
    private final SessionStore store;
    private final SessionRegistry registry;
    private final SessionKeeper keeper;
    private final ReportQueue reports;
    private final HandBack handBack;
    private final Reconciler reconciler;
    private final IntPredicate isSuspectLane;
    private final Lifecycle lifecycle;
    private final SessionConfig config;
    private final LongSupplier ticker;
    private final Wake claimer;
    private final Counters counters;

    Sessions(
            SessionStore store,
            SessionRegistry registry,
            SessionKeeper keeper,
            ReportQueue reports,
            HandBack handBack,
            Reconciler reconciler,
            IntPredicate isSuspectLane,
            Lifecycle lifecycle,
            SessionConfig config,
            LongSupplier ticker,
            Wake claimer,
            Counters counters) {
        this.store = store;
        this.registry = registry;
        this.keeper = keeper;
        this.reports = reports;
        this.handBack = handBack;
        this.reconciler = reconciler;
        this.isSuspectLane = isSuspectLane;
        this.lifecycle = lifecycle;
        this.config = config;
        this.ticker = ticker;
        this.claimer = claimer;
        this.counters = counters;
    }

    // ---- hello ----

    WorkerSession attach(SessionSpec spec, Set<LeaseToken> held, SessionListener listener) {
        lifecycle.refuseWhenDraining();
        boolean known = registry.find(spec.id()).isPresent();
        boolean fromElsewhere = openInStore(spec) && !known;
        long asked = ticker.getAsLong();
        List<Held> turns = fromElsewhere ? store.heldBy(spec.id()) : List.of();

        SessionState state = registry.admit(spec, asked);
        WorkerSession session = new WorkerSession(state, this);
        SessionListener replaced = state.connect(spec, session, listener);
        if (replaced != null) {
            replaced.ended("the session was taken up by a newer connection");
        }
        long now = ticker.getAsLong();
        state.heard(now);
        handBack.of(state, state.takeUp(turns, held, asked, isSuspectLane));
        handBack.of(state, state.named(held, now));
        registry.place(state);
        if (lifecycle.isDraining()) {
            listener.drain(); // the drain began while we were at it, and may have missed this session
        }
        return session;
    }

    /** For workers without a stream. */
    WorkerSession open(SessionSpec spec) {
        lifecycle.refuseWhenDraining();
        boolean there = openInStore(spec);
        SessionState state = registry.admit(spec, ticker.getAsLong());
        if (there) {
            state.relearn();
        }
        registry.place(state);
        return new WorkerSession(state, this);
    }

    /** Whether it was there before. */
    private boolean openInStore(SessionSpec spec) {
        try {
            return store.open(spec);
        } catch (PulseException e) {
            if (e.code() == ErrorCode.SESSION_ENDED) {
                registry.ended(spec.id(), "its lease lapsed");
            }
            throw e;
        }
    }

    /** For workers without a stream: the session as this server knows it, or as another one left it in the store. */
    WorkerSession takeUp(UUID id, Predicate<SessionSpec> mine) {
        return takeUp(requireMine(living(id), mine));
    }

    private SessionSpec living(UUID id) {
        Optional<SessionState> known = registry.find(id);
        if (known.isPresent()) {
            return known.get().spec();
        }
        if (registry.endedLately(id)) {
            throw SessionState.endedError(id);
        }
        return store.find(id).orElseThrow(() -> notFound(id));
    }

    private static SessionSpec requireMine(SessionSpec spec, Predicate<SessionSpec> mine) {
        if (!mine.test(spec)) {
            throw notFound(spec.id());
        }
        return spec;
    }

    private static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.SESSION_NOT_FOUND, "no live session " + id + ": open a session first");
    }

    private WorkerSession takeUp(SessionSpec spec) {
        Optional<SessionState> known = registry.find(spec.id());
        if (known.isPresent()) {
            known.get().heard(ticker.getAsLong()); // so that it is not forgotten before the call has begun
            return new WorkerSession(known.get(), this);
        }
        SessionState state = registry.admit(spec, ticker.getAsLong());
        state.relearn();
        registry.place(state);
        return new WorkerSession(state, this);
    }

    // ---- while it lives ----

    void grant(SessionState state, WorkerSession from, int credits) {
        if (credits < 1) {
            throw PulseException.invalid("credits", "1 to " + config.creditsMax() + " are allowed, got " + credits);
        }
        state.grant(from, credits, config.creditsMax());
        claimer.signal();
    }

    CompletableFuture<List<Assignment>> claim(SessionState state, int max, Duration wait) {
        if (max < 1 || max > config.creditsMax()) {
            throw PulseException.invalid("max", "1 to " + config.creditsMax() + " are allowed, got " + max);
        }
        if (wait.isNegative() || wait.compareTo(config.pollWaitMax()) > 0) {
            throw PulseException.invalid(
                    "wait",
                    "0s to " + Durations.format(config.pollWaitMax()) + " are allowed, got " + Durations.format(wait));
        }
        long now = signOfLife(state);
        if (lifecycle.isDraining()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Poll poll = new Poll(max, now + wait.toNanos());
        registry.place(state);
        state.enqueue(poll, config.pollsMax());
        registry.askStoreFor(state);
        claimer.signal();
        return poll.answer;
    }

    CompletableFuture<Beat> heartbeat(SessionState state, Set<LeaseToken> held) {
        if (state.isEnded()) {
            return CompletableFuture.failedFuture(state.endedError());
        }
        long now = ticker.getAsLong();
        state.heard(now);
        handBack.of(state, state.named(held, now));
        return keeper.heartbeat(state);
    }

    CompletableFuture<Beat> heartbeat(SessionState state) {
        if (state.isEnded()) {
            return CompletableFuture.failedFuture(state.endedError());
        }
        state.heard(ticker.getAsLong());
        return keeper.heartbeat(state);
    }

    /**
     * Reports of a worker, whatever became of its session: the tokens decide (I3), and every report is answered (I9). Only
     * where neither the session nor any of the jobs is known, the caller named what never was.
     */
    CompletableFuture<List<Ended>> report(UUID id, List<Report> some, Predicate<SessionSpec> mine) {
        SessionSpec spec;
        try {
            spec = living(id);
        } catch (PulseException gone) {
            return reportOfGone(some, gone);
        }
        SessionSpec own = requireMine(spec, mine);
        try {
            return takeUp(own).report(some);
        } catch (PulseException gone) {
            return reportOfGone(some, gone);
        }
    }

    private CompletableFuture<List<Ended>> reportOfGone(List<Report> some, PulseException gone) {
        if (gone.code() != ErrorCode.SESSION_ENDED && gone.code() != ErrorCode.SESSION_NOT_FOUND) {
            throw gone;
        }
        refuseLapses(some);
        return reports.offer(List.copyOf(some)).thenApply(ended -> {
            if (gone.code() == ErrorCode.SESSION_NOT_FOUND
                    && ended.stream().allMatch(one -> one.answer() == ReportAnswer.UNKNOWN)) {
                throw gone;
            }
            return ended;
        });
    }

    private static void refuseLapses(List<Report> some) {
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i).outcome() instanceof Outcome.Lapse) {
                throw PulseException.invalid("reports[" + i + "].outcome", "a worker cannot report a lapse");
            }
        }
    }

    CompletableFuture<List<Ended>> report(SessionState state, List<Report> some) {
        refuseLapses(some);
        long now = signOfLife(state);
        List<Report> copy = List.copyOf(some);
        state.reporting(copy, grantedAt -> counters.attempts.add(now - grantedAt));
        return reports.offer(copy).whenComplete((ended, trouble) -> state.reported(copy, trouble != null));
    }

    private long signOfLife(SessionState state) {
        long now = ticker.getAsLong();
        state.heard(now);
        if (!state.isEnded() && state.askRenewal(now)) {
            keeper.renew(state);
        }
        return now;
    }

    // ---- goodbye ----

    void detach(SessionState state, WorkerSession from) {
        state.disconnect(from);
    }

    CompletableFuture<Void> close(SessionState state) {
        if (state.isEnded()) {
            return CompletableFuture.completedFuture(null);
        }
        registry.ended(state, null);
        return reconciler.close(state);
    }
}
