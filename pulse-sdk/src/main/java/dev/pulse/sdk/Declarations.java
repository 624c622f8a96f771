package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The schedules that one Pulse has in its code. They are noted first, and all declared together, because what an application
 * does not name any more is told from the whole. Thread-safe.
 *
 * <p>A refusal is the caller's: nothing of a start that is refused goes on. An other side that is away is no refusal. It is
 * asked again until it answers, by a thread of the runtime's, while the worker connects just so.
 */
final class Declarations {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 10;
    private static final long DONE = -1;

    private final String application;
    private final Supplier<ScheduleClient> client;
    private final WorkerListener listener;
    private final PulseRuntime runtime;

    /** Held while the other side is asked: it must hear of a larger set after the smaller one. */
    private final ReentrantLock turn = new ReentrantLock();
    /** Guards what follows, for moments. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, ScheduleSpec> specs = new LinkedHashMap<>();
    private boolean live;
    private boolean owed;
    private boolean asking;
    private boolean closed;
    private int failures;
    private Runnable wake = () -> {};

    Declarations(String application, Supplier<ScheduleClient> client, WorkerListener listener, PulseRuntime runtime) {
        this.application = application;
        this.client = client;
        this.listener = listener;
        this.runtime = runtime;
    }

    /** Notes a schedule; declares it, where the others have been. */
    void add(ScheduleSpec spec, boolean named) {
        String name = Objects.requireNonNull(spec.name());
        turn.lock();
        try {
            boolean now = locked(() -> {
                if (specs.putIfAbsent(name, spec) != null) {
                    throw new IllegalStateException(
                            named
                                    ? "two schedules are named " + name + ": a name is one schedule's"
                                    : "there is a schedule " + name + " already: give this one a name of its own,"
                                            + " schedule.named(…)");
                }
                owed = true;
                return live;
            });
            if (now) {
                declareOrForget(spec, name);
            }
        } finally {
            turn.unlock();
        }
    }

    private void declareOrForget(ScheduleSpec spec, String name) {
        try {
            declare();
        } catch (RuntimeException e) {
            locked(() -> specs.remove(name, spec));
            throw e;
        }
    }

    /**
     * Declares all, where something has not been.
     *
     * @return those that are missing in the code
     */
    List<ScheduleInfo> declare() {
        turn.lock();
        try {
            List<ScheduleSpec> all = locked(() -> {
                live = true;
                return owed ? List.copyOf(specs.values()) : List.of();
            });
            if (all.isEmpty()) {
                return List.of();
            }
            List<ScheduleInfo> missing = client.get().declareSchedules(application, all);
            locked(() -> owed = false);
            if (!missing.isEmpty()) {
                tell(() -> listener.schedulesMissing(missing));
            }
            return missing;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Declares all; where the other side is away, goes on to do so in the background.
     *
     * @throws PulseException a refusal; then nothing goes on
     */
    void begin() {
        boolean before = locked(() -> live);
        try {
            declare();
        } catch (PulseException e) {
            if (!mayPass(e)) {
                locked(() -> live = before);
                throw e;
            }
            tell(() -> listener.schedulesWaiting(e));
            goOn();
        }
    }

    /** Not a quota: who has too many schedules has to do something about it. */
    private static boolean mayPass(PulseException trouble) {
        return trouble.code().retryable() && trouble.code() != ErrorCode.LIMIT_REACHED;
    }

    private void goOn() {
        boolean first = locked(() -> {
            boolean begins = !asking && !closed;
            asking |= begins;
            failures = 0;
            return begins;
        });
        if (first) {
            long from = runtime.ticker().getAsLong() + waitNanos(0);
            Runnable turned = runtime.threads().turn("pulse-schedules-" + application, () -> again(from));
            locked(() -> wake = turned);
        }
    }

    /** One more try, unless it is too early for the first. */
    private long again(long from) {
        long early = from - runtime.ticker().getAsLong();
        if (locked(() -> closed || !owed)) {
            return DONE;
        }
        if (early > 0) {
            return early;
        }
        try {
            declare();
            return DONE;
        } catch (PulseException e) {
            if (locked(() -> closed)) {
                return DONE;
            }
            if (!mayPass(e)) {
                tell(() -> listener.schedulesRefused(e));
                return DONE;
            }
            int failed = locked(() -> ++failures);
            return waitNanos(failed);
        }
    }

    /** Half of the wait to all of it, so that the replicas of an application do not come in step. */
    private long waitNanos(int failed) {
        Duration grown = FIRST_WAIT.multipliedBy(1L << Math.min(failed, MAX_DOUBLINGS));
        Duration wait = grown.compareTo(LAST_WAIT) < 0 ? grown : LAST_WAIT;
        return (long) (wait.toNanos() * (0.5 + runtime.random().nextDouble() / 2));
    }

    /** Asks no more. Tells of what was never declared, which is easily taken for a schedule that works. */
    void close() {
        List<String> never = locked(() -> {
            boolean again = closed;
            closed = true;
            return live || again ? List.<String>of() : List.copyOf(specs.keySet());
        });
        if (!never.isEmpty()) {
            tell(() -> listener.schedulesNeverDeclared(never));
        }
        locked(() -> wake).run();
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException defect) {
            System.getLogger("dev.pulse.worker")
                    .log(System.Logger.Level.WARNING, "the worker's listener threw", defect);
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
