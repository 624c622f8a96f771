package dev.pulse.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A little of {@code ./dev torture python}. Needs python3, which a JDK does not bring: {@code ./dev outside} runs it. */
class PythonWorkersIT {
    @Test
    void allJobsCompleteWhenAPythonWorkerAndTheServerAreKilled() throws Exception {
        assertThat(new PythonTorture(60, 1, Duration.ofMillis(300), 1).run()).isTrue();
    }
}
