package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunLimitsTest {
    @Test
    void bothFaultsAreToldAtOnce() {
        assertThatThrownBy(() -> new RunLimits(0, 0.0))
                .isInstanceOfSatisfying(
                        PulseException.class,
                        e -> assertThat(e.violations())
                                .extracting(Violation::field)
                                .containsExactly("max_running", "rate"))
                .hasMessageContaining("1 to 1000000 are allowed, got 0; pause it to start nothing");
    }

    @Test
    void theEndsOfTheRangesAreAllowed() {
        assertThat(new RunLimits(1, RunLimits.LEAST_RATE).isNone()).isFalse();
        assertThat(new RunLimits(RunLimits.MOST_RUNNING, RunLimits.MOST_RATE).isNone())
                .isFalse();
        assertThatThrownBy(() -> new RunLimits(null, Double.NaN)).isInstanceOf(PulseException.class);
        assertThatThrownBy(() -> new RunLimits(null, 1e-9)).isInstanceOf(PulseException.class);
    }

    @Test
    void theRoomIsWhatBothLimitsLeave() {
        assertThat(RunLimits.NONE.room(1_000_000_000, 0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(new RunLimits(5, null).room(3, 0)).isEqualTo(2);
        assertThat(new RunLimits(5, null).room(9, 0)).isZero();
        assertThat(new RunLimits(null, 4.0).room(9, 2.9)).isEqualTo(2);
        assertThat(new RunLimits(5, 4.0).room(4, 2.9)).isEqualTo(1);
        assertThat(new RunLimits(5, 4.0).room(0, 0.999)).isZero();
    }

    @Test
    void aBucketKeepsAQuarterOfASecondAndAtLeastOneToken() {
        assertThat(new RunLimits(null, 0.01).burst()).isEqualTo(1);
        assertThat(new RunLimits(null, 100.0).burst()).isEqualTo(25);
        RunLimits limits = new RunLimits(null, 100.0);
        assertThat(limits.refilled(0, Duration.ofMillis(50))).isEqualTo(5);
        assertThat(limits.refilled(20, Duration.ofHours(5))).isEqualTo(25);
    }

    @Test
    void aClockThatWentBackTakesNoTokenAway() {
        assertThat(new RunLimits(null, 100.0).refilled(7, Duration.ofHours(-1))).isEqualTo(7);
    }

    @Test
    void afterTheWaitTheNextTokenIsThere() {
        for (double rate : new double[] {0.001, 0.3, 1, 7, 1_000, 1_000_000}) {
            for (double tokens : new double[] {-3, 0, 0.25, 0.999}) {
                RunLimits limits = new RunLimits(null, rate);
                assertThat(limits.refilled(tokens, limits.untilNext(tokens))).isGreaterThanOrEqualTo(1 - 1e-9);
            }
        }
        assertThat(new RunLimits(null, 2.0).untilNext(1)).isZero();
        assertThat(RunLimits.NONE.untilNext(0)).isZero();
    }
}
