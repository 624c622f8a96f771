package dev.pulse.engine;

import java.time.Duration;

/**
 * How refusals for lack of rights are written down: a flood of them must not fill the audit log.
 *
 * @param every each caller's refusals of one kind are one entry in this time at most
 * @param kindsMax most callers and kinds that are told apart in that time; what comes beyond is told as one
 */
record DenialConfig(Duration every, int kindsMax) {
    static final DenialConfig DEFAULT = new DenialConfig(Duration.ofMinutes(1), 100);

    DenialConfig {
        Check.range("denial.every", every, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.range("denial.kinds-max", kindsMax, 1, 10_000);
    }
}
