package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session may ask for, and the bounds of it (I8). B: row of the catalogue of bad input. */
class SessionSpecTest {
    private static final UUID ID = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final Duration LEASE = SessionSpec.DEFAULT_LEASE;

    private static List<Violation> refuse(
            UUID id, String worker, Set<String> types, Set<String> queues, int slots, Duration lease) {
        return catchThrowableOfType(
                        PulseException.class, () -> new SessionSpec(id, worker, types, queues, slots, lease))
                .violations();
    }

    @Test
    void sessionServesItsTypesInItsQueues() {
        SessionSpec some = new SessionSpec(ID, "w", Set.of("email"), Set.of("mail"), 4, LEASE);
        assertThat(some.serves("email", "mail")).isTrue();
        assertThat(some.serves("email", "default")).isFalse();
        assertThat(some.serves("sms", "mail")).isFalse();
    }

    @Test
    void sessionWithoutQueuesServesAll() {
        SessionSpec all = new SessionSpec(ID, "w", Set.of("email"), Set.of(), 4, LEASE);
        assertThat(all.serves("email", "mail")).isTrue();
        assertThat(all.serves("sms", "mail")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT30S", "PT1H"})
    void leaseOfOneSecondToOneHourIsTaken(String lease) {
        assertThatNoException()
                .isThrownBy(() -> new SessionSpec(ID, "w", Set.of("t"), Set.of(), 1, Duration.parse(lease)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "PT0S", "PT-5S", "PT1H0.001S"})
    void leaseOutsideItIsRefused(String lease) {
        assertThat(refuse(ID, "w", Set.of("t"), Set.of(), 1, Duration.parse(lease)))
                .containsExactly(new Violation(
                        "lease_ttl", "1s to 1h are allowed, got " + Durations.format(Duration.parse(lease))));
    }

    @Test
    void allFaultsAreToldAtOnce() { // B60
        assertThat(refuse(new UUID(0, 0), "w\0", Set.of(), Set.of("a b"), 0, Duration.ZERO))
                .extracting(Violation::field)
                .containsExactly("session_id", "worker", "types", "queues", "slots", "lease_ttl");
    }

    @Test
    void slotsAndNamesAreBounded() { // B60
        Set<String> many =
                IntStream.rangeClosed(0, 10_000).mapToObj(i -> "t" + i).collect(Collectors.toSet());

        assertThat(refuse(ID, "w", many, Set.of(), 1_000_000, LEASE))
                .containsExactly(
                        new Violation("types", "10001 names, at most 1000"),
                        new Violation("slots", "1 to 10000 are allowed, got 1000000"));
        assertThat(refuse(ID, "w".repeat(129), Set.of("t"), Set.of(), 1, LEASE))
                .extracting(Violation::field)
                .containsExactly("worker");
    }
}
