package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.server.Rehearsal;
import org.junit.jupiter.api.Test;

class TrainingTest {
    private final TestShell shell = new TestShell();

    @Test
    void everyCallOfTheRehearsalIsAnswered() throws Exception {
        assertThat(Training.run(shell.shell())).isZero();
        assertThat(shell.out()).contains("status     pending", "{\"id\":\"" + Rehearsal.JOB, "PRIO", "TOTAL");
        assertThat(shell.err()).isEmpty();
    }
}
