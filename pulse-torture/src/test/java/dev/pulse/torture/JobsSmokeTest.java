package dev.pulse.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A minute of what {@code ./dev torture} does to jobs, so that every build has seen processes die. */
class JobsSmokeTest {
    @Test
    void noJobIsLostWhenServersWorkersAndPostgresAreKilled() throws Exception {
        assertThat(Torture.chaos(400, 1, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aReportAfterTheLeaseIsRefused() throws Exception {
        assertThat(Torture.late()).isTrue();
    }

    @Test
    void jobsShareTheFateOfTheirTransactions() throws Exception {
        assertThat(BusinessTransactions.run(1_000, 1)).isTrue();
    }
}
