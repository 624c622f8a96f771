package dev.pulse.engine;

import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once what goes wrong with an agent, repeats it once a minute with a count, and says when it works again. One
 * thread.
 */
final class FaultLog {
    private static final Logger log = LoggerFactory.getLogger(FaultLog.class);
    private static final long REPEAT = Duration.ofMinutes(1).toNanos();

    private final String agent;
    private final LongSupplier ticker;
    private String kind = "";
    private long saidAt;
    private long failures;

    FaultLog(String agent, LongSupplier ticker) {
        this.agent = agent;
        this.ticker = ticker;
    }

    void failed(Throwable e) {
        failures++;
        String thisKind = kindOf(e);
        long now = ticker.getAsLong();
        if (thisKind.equals(kind) && now - saidAt < REPEAT) {
            return;
        }
        kind = thisKind;
        saidAt = now;
        if (e instanceof PulseException trouble) {
            log.warn(
                    "{}: {} {} (failures in a row: {}); trying again",
                    agent,
                    trouble.code().wireName(),
                    trouble.getMessage(),
                    failures);
        } else {
            log.error("{}: a defect in Pulse (failures in a row: {}); going on", agent, failures, e);
        }
    }

    void worked() {
        if (failures > 0) {
            log.info("{}: works again after {} failures", agent, failures);
            failures = 0;
            kind = "";
        }
    }

    private static String kindOf(Throwable e) {
        return e instanceof PulseException trouble
                ? trouble.code().name()
                : e.getClass().getName();
    }
}
