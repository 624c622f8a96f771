package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Renews leases: the heartbeats of all sessions in one statement, whatever they hold (E4). Beside stop 7 of the path; an
 * agent of its own, so that nothing else makes a heartbeat late.
 */
final class SessionKeeper implements Agent {
    /** @param answer null for a sign of life that is no heartbeat */
    private record Call(SessionState session, @Nullable CompletableFuture<Beat> answer, long at)
            implements Inbox.Entry {
        @Override
        public int rows() {
            return 1;
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    private final SessionStore store;
    private final LeaseConfig config;
    private final OutageWatch watch;
    private final BooleanSupplier draining;
    private final Consumer<SessionState> onEnded;
    private final LongSupplier ticker;
    private final Counters counters;
    private final Inbox<Call> calls;

    SessionKeeper(
            SessionStore store,
            LeaseConfig config,
            int callsMax,
            OutageWatch watch,
            BooleanSupplier draining,
            Consumer<SessionState> onEnded,
            LongSupplier ticker,
            Wake wake,
            Counters counters) {
        this.store = store;
        this.config = config;
        this.watch = watch;
        this.draining = draining;
        this.onEnded = onEnded;
        this.ticker = ticker;
        this.counters = counters;
        this.calls = new Inbox<>(callsMax, Long.MAX_VALUE, List.of(wake));
    }

    @Override
    public String name() {
        return "heartbeats";
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : Duration.ofSeconds(1).toNanos();
    }

    /** Any thread. */
    CompletableFuture<Beat> heartbeat(SessionState session) {
        CompletableFuture<Beat> answer = new CompletableFuture<>();
        if (!calls.offer(new Call(session, answer, ticker.getAsLong()))) {
            answer.completeExceptionally(
                    calls.isClosed()
                            ? Trouble.shuttingDown()
                            : new PulseException(
                                    ErrorCode.LIMIT_REACHED,
                                    calls.rows() + " heartbeats wait already; send again in a moment"));
        }
        return answer;
    }

    /** Any thread. A sign of life that finds no room is no loss: the next one comes soon. */
    void renew(SessionState session) {
        calls.offer(new Call(session, null, ticker.getAsLong()));
    }

    @Override
    public int step() {
        List<Call> some = calls.take(config.flushSessions(), Long.MAX_VALUE);
        if (some.isEmpty()) {
            return 0;
        }
        try {
            answer(some);
        } catch (RuntimeException e) {
            watch.heartbeatsFailed();
            PulseException told = Trouble.told(e);
            some.forEach(call -> {
                if (call.answer() != null) {
                    call.answer().completeExceptionally(told);
                }
            });
            throw e;
        }
        watch.heartbeatsWorked(some.getFirst().at());
        return some.size();
    }

    void close() {
        calls.close();
    }

    /** Tells those who wait still, when nobody will come for them any more. */
    void failAll() {
        for (Call call : calls.take(Integer.MAX_VALUE, Long.MAX_VALUE)) {
            if (call.answer() != null) {
                call.answer().completeExceptionally(Trouble.shuttingDown());
            }
        }
    }

    private void answer(List<Call> some) {
        Set<UUID> ids = new HashSet<>();
        Set<UUID> asking = new HashSet<>();
        for (Call call : some) {
            ids.add(call.session().id);
            if (call.answer() != null) {
                asking.add(call.session().id);
            }
        }
        counters.heartbeats.add(some.size());
        counters.heartbeatFlushes.increment();
        Set<UUID> alive = store.heartbeat(ids);
        asking.retainAll(alive);
        Map<UUID, List<CancelRequest>> cancels = cancels(asking);
        boolean drain = draining.getAsBoolean();
        for (Call call : some) {
            SessionState session = call.session();
            if (!alive.contains(session.id)) {
                onEnded.accept(session);
            }
            if (call.answer() == null) {
                continue;
            }
            if (alive.contains(session.id)) {
                call.answer().complete(new Beat(cancels.getOrDefault(session.id, List.of()), drain));
            } else {
                call.answer().completeExceptionally(session.endedError());
            }
        }
    }

    private Map<UUID, List<CancelRequest>> cancels(Set<UUID> asking) {
        Map<UUID, List<CancelRequest>> bySession = new HashMap<>();
        if (!asking.isEmpty()) {
            for (CancelRequest request : store.cancelRequests(asking)) {
                bySession
                        .computeIfAbsent(request.session(), id -> new ArrayList<>())
                        .add(request);
            }
        }
        return bySession;
    }
}
