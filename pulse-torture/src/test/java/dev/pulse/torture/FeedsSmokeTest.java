package dev.pulse.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A minute of what {@code ./dev torture} does to events and schedules. */
class FeedsSmokeTest {
    @Test
    void noEventIsSkippedWhenConsumersAreKilledAndTransactionsAreHeld() throws Exception {
        assertThat(new SubscriptionTorture(2_000, 1, Duration.ofSeconds(4)).run())
                .isTrue();
    }

    @Test
    void noOccurrenceFiresTwiceOrIsLostWhenServersAreKilledAndTheClockSteps() throws Exception {
        assertThat(new ScheduleTorture(20, Duration.ofSeconds(15), 1).run()).isTrue();
    }
}
