package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts what each caller asks for, and refuses what is beyond its quota. A caller is who has signed in; where nobody has to,
 * it is an address. Without locks: a plain call costs one look-up and one exchange of a number. Any thread.
 */
final class Quotas {
    private static final long SECOND = 1_000_000_000L;
    /** Beyond this many callers those that are idle are forgotten. */
    private static final int MAX_IDLE = 10_000;

    private final QuotaConfig config;
    private final boolean byAddress;
    private final LongSupplier ticker;
    private final long interval;
    private final Map<String, Usage> usages = new ConcurrentHashMap<>();

    /** @param byAddress whether nobody has to sign in, so that names say nothing */
    Quotas(QuotaConfig config, boolean byAddress, LongSupplier ticker) {
        this.config = config;
        this.byAddress = byAddress;
        this.ticker = ticker;
        this.interval = Math.max(1, SECOND / config.requestsPerSecond());
    }

    Usage of(Access access) {
        String from = String.valueOf(access.caller().from());
        String key =
                byAddress || access.roles().isEmpty() ? from : access.caller().name();
        Usage known = usages.get(key);
        if (known != null) {
            return known;
        }
        if (usages.size() >= MAX_IDLE) {
            usages.values().removeIf(Usage::isIdle);
        }
        return usages.computeIfAbsent(key, Usage::new);
    }

    /** What one caller has under way. */
    final class Usage {
        private final String caller;
        /** When the requests so far will have been paid for, at the rate that is allowed. */
        private final AtomicLong paidAt;

        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger streams = new AtomicInteger();

        private Usage(String caller) {
            this.caller = caller;
            this.paidAt = new AtomicLong(ticker.getAsLong());
        }

        /**
         * One request more.
         *
         * @throws PulseException LIMIT_REACHED
         */
        void request() {
            long now = ticker.getAsLong();
            long paid;
            long next;
            do {
                paid = paidAt.get();
                next = (paid - now > 0 ? paid : now) + interval;
                if (next - now > SECOND + interval) {
                    throw beyond(Setting.CALLER_REQUESTS_PER_SECOND, config.requestsPerSecond());
                }
            } while (!paidAt.compareAndSet(paid, next));
        }

        /**
         * One call that is not answered yet; {@link #callEnds} has to follow.
         *
         * @throws PulseException LIMIT_REACHED
         */
        void callBegins() {
            begin(calls, Setting.CALLER_OPEN_CALLS, config.openCalls());
        }

        void callEnds() {
            calls.decrementAndGet();
        }

        /**
         * One stream more; {@link #streamEnds} has to follow.
         *
         * @throws PulseException LIMIT_REACHED
         */
        void streamBegins() {
            begin(streams, Setting.CALLER_OPEN_STREAMS, config.openStreams());
        }

        void streamEnds() {
            streams.decrementAndGet();
        }

        private void begin(AtomicInteger open, Setting setting, int most) {
            if (open.incrementAndGet() > most) {
                open.decrementAndGet();
                throw beyond(setting, most);
            }
        }

        private boolean isIdle() {
            return calls.get() == 0 && streams.get() == 0 && paidAt.get() - ticker.getAsLong() <= 0;
        }

        private PulseException beyond(Setting setting, int most) {
            return new PulseException(
                    ErrorCode.LIMIT_REACHED,
                    setting.key() + ": " + most + " are allowed to " + caller + "; wait a second");
        }
    }
}
