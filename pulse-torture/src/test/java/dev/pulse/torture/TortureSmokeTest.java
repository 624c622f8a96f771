package dev.pulse.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Less than a minute of {@code ./dev torture}, so that every build has seen processes die. */
class TortureSmokeTest {
    @Test
    void noJobIsLostWhenServersWorkersAndPostgresAreKilled() throws Exception {
        assertThat(Torture.chaos(600, 1, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aReportAfterTheLeaseIsRefused() throws Exception {
        assertThat(Torture.late()).isTrue();
    }

    @Test
    void noEventIsSkippedWhenConsumersAreKilledAndTransactionsAreHeld() throws Exception {
        assertThat(new SubscriptionTorture(3_000, 1, Duration.ofSeconds(4)).run())
                .isTrue();
    }

    @Test
    void noOccurrenceFiresTwiceOrIsLostWhenServersAreKilledAndTheClockSteps() throws Exception {
        assertThat(new ScheduleTorture(20, Duration.ofSeconds(15), 1).run()).isTrue();
    }

    @Test
    void jobsShareTheFateOfTheirTransactions() throws Exception {
        assertThat(BusinessTransactions.run(1_000, 1)).isTrue();
    }

    @Test
    void nonsenseAtEachDoorIsAnsweredAsDocumented() throws Exception {
        assertThat(FuzzTorture.run(500, 1, false)).isTrue();
    }
}
