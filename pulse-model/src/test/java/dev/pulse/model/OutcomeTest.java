package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    private static final Duration BEFORE = Duration.ofNanos(-1);
    private static final Duration BEYOND = Durations.MAX.plusNanos(1);

    @Test
    void kindsAndOrderAreThoseOfTheContract() {
        assertThat(Arrays.stream(OutcomeKind.values()).map(OutcomeKind::wireName))
                .containsExactly(
                        "ack",
                        "drop",
                        "retry",
                        "fail",
                        "timeout",
                        "dead_letter",
                        "snooze",
                        "release",
                        "canceled",
                        "lapse");
    }

    @ParameterizedTest
    @EnumSource
    void wireNameLeadsBackToTheKind(OutcomeKind kind) {
        assertThat(OutcomeKind.fromWire(kind.wireName())).contains(kind);
        assertThat(OutcomeKind.fromWire(kind.name())).isEmpty();
    }

    @Test
    void waitBelowZeroOrBeyondTheLongestIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outcome.Retry(BEFORE, null))
                .withMessage("after: 0s to 36500d are allowed, got PT-0.000000001S");
        assertThatIllegalArgumentException().isThrownBy(() -> new Outcome.Retry(BEYOND, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outcome.Snooze(BEFORE))
                .withMessageStartingWith("delay: ");
        assertThatIllegalArgumentException().isThrownBy(() -> new Outcome.Snooze(BEYOND));
    }

    @Test
    void waitAtEitherBoundIsTaken() {
        assertThatNoException().isThrownBy(() -> {
            new Outcome.Retry(null, null);
            new Outcome.Retry(Duration.ZERO, null);
            new Outcome.Retry(Durations.MAX, null);
            new Outcome.Snooze(Duration.ZERO);
            new Outcome.Snooze(Durations.MAX);
        });
    }
}
