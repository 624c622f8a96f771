package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerConfigTest {
    private static final Duration S = Duration.ofSeconds(1);

    @Test
    void defaultsAreThoseOfTheContract() {
        WorkerConfig config = WorkerConfig.named("w");

        assertThat(config)
                .isEqualTo(
                        new WorkerConfig("w", 10, Set.of(), S.multipliedBy(30), S.multipliedBy(30), S.multipliedBy(5)));
    }

    @Test
    void heartbeatIsASixthOfTheLeaseAndNeverAboveFiveSeconds() {
        assertThat(new WorkerConfig("w", 1, Set.of(), S.multipliedBy(3), S, S).heartbeatPeriod())
                .isEqualTo(Duration.ofMillis(500));
        assertThat(new WorkerConfig("w", 1, Set.of(), Duration.ofHours(1), S, S).heartbeatPeriod())
                .isEqualTo(Duration.ofSeconds(5));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                row("name", () -> new WorkerConfig("", 1, Set.of(), S, S, S)),
                row("name", () -> new WorkerConfig("x".repeat(129), 1, Set.of(), S, S, S)),
                row("concurrency", () -> new WorkerConfig("w", 0, Set.of(), S, S, S)),
                row("concurrency", () -> new WorkerConfig("w", 10_001, Set.of(), S, S, S)),
                row("queues", () -> new WorkerConfig("w", 1, Set.of("a b"), S, S, S)),
                row("leaseTtl", () -> new WorkerConfig("w", 1, Set.of(), Duration.ofMillis(999), S, S)),
                row("leaseTtl", () -> new WorkerConfig("w", 1, Set.of(), Duration.ofMinutes(61), S, S)),
                row("drainTimeout", () -> new WorkerConfig("w", 1, Set.of(), S, S.negated(), S)),
                row("stopGrace", () -> new WorkerConfig("w", 1, Set.of(), S, S, S.negated())));
    }

    private static Arguments row(String field, ThrowingCallable call) {
        return Arguments.of(field, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badValueIsRefusedByName(String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field + ": ")
                .hasMessageContaining("allowed");
    }
}
