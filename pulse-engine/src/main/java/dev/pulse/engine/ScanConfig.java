package dev.pulse.engine;

import java.time.Duration;

/**
 * How a lane's lower bound follows the claims (E11), and how often a scan from the very beginning looks below it.
 *
 * @param slack how far the bound stays behind the highest claimed seq: room for inserts that commit late
 * @param every longest time without a full scan of a lane with demand, whatever it costs
 * @param percent share of the time that full scans may take before that
 * @param callMax how much scanning one claim may be given on top of its work, by what the lanes' scans took lately
 */
public record ScanConfig(long slack, Duration every, int percent, Duration callMax) {
    public static final ScanConfig DEFAULT = new ScanConfig(3_000, Duration.ofSeconds(10), 2, Duration.ofMillis(20));

    public ScanConfig {
        Check.range("claim.scan.slack", slack, 0, 10_000_000);
        Check.range("claim.scan.every", every, Duration.ofMillis(100), Duration.ofMinutes(10));
        Check.range("claim.scan.percent", percent, 1, 50);
        Check.range("claim.scan.call-max", callMax, Duration.ofMillis(1), Duration.ofSeconds(10));
    }
}
