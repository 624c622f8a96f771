package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class EngineConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDefaultsAreValid() {
        assertThat(EngineConfig.DEFAULT.claim().batchMax()).isEqualTo(500);
        assertThat(EngineConfig.DEFAULT.claim().scan().slack()).isEqualTo(3_000);
    }

    @Test
    void aValueOutOfRangeIsRefusedByItsKey() {
        assertRefused("claim.batch-max: 1 to 10000 are allowed, got 0", () -> claim(0, SECOND, SECOND));
    }

    @Test
    void thePollMayNotShrink() {
        assertRefused("claim.poll-min", () -> claim(500, SECOND.multipliedBy(2), SECOND));
    }

    @Test
    void aFlushMustFitIntoItsQueue() {
        assertRefused("submit.queue-rows", () -> new SubmitConfig(1, 2_000, 1 << 20, 1_000, 1 << 20, 1));
        assertRefused("submit.queue-bytes", () -> new SubmitConfig(1, 1_000, 2 << 20, 1_000, 1 << 20, 1));
        assertRefused("report.queue-max", () -> new ReportConfig(1, 100, 10, 1 << 20, 50, 1 << 20, 3, 1));
        assertRefused("report.queue-max", () -> new ReportConfig(1, 10, 100, 1 << 20, 50, 1 << 20, 3, 1));
    }

    @Test
    void oneLateBeatMustNeitherChangeTheLeaderNorBeAnOutage() {
        assertRefused(
                "lease.leader-ttl",
                () -> new LeaseConfig(SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(5), SECOND, 10));
        assertRefused("lease.outage", () -> new LeaseConfig(SECOND, SECOND.multipliedBy(4), SECOND, SECOND, 10));
    }

    @Test
    void aLapsedJobMustStartAgainInTime() {
        assertRefused(
                "sweep.settle",
                () -> with(new SweepConfig(SECOND, SECOND.multipliedBy(30), 100, SECOND.multipliedBy(60))));
    }

    private static EngineConfig with(SweepConfig sweep) {
        EngineConfig all = EngineConfig.DEFAULT;
        return new EngineConfig(
                all.submit(),
                all.claim(),
                all.lease(),
                all.report(),
                sweep,
                all.promote(),
                all.await(),
                all.session(),
                all.retention());
    }

    private static ClaimConfig claim(int batch, Duration pollMin, Duration pollMax) {
        return new ClaimConfig(batch, 1 << 20, Duration.ZERO, pollMin, pollMax, SECOND, ScanConfig.DEFAULT);
    }

    private static void assertRefused(String text, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(PulseException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION);
            assertThat(e).hasMessageContaining(text);
        });
    }
}
