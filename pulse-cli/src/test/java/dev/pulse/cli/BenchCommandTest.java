package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    private final TestShell shell = new TestShell();

    @Test
    void loadIsSubmittedWorkedAndTimed() {
        try (RunningServer server = RunningServer.start()) {
            shell.environment().put("PULSE_ADDR", server.grpc());
            assertThat(shell.run("bench", "submit", "--jobs", "25", "--concurrency", "3", "--bytes", "7"))
                    .as(shell.err())
                    .isZero();
            assertThat(shell.take())
                    .containsPattern("^submitted 25 jobs in \\d+\\.\\d\\d s: \\d+ jobs/s\n")
                    .containsPattern("calls: p50 .* ms \\(n=25\\)\n");
            assertThat(shell.run("bench", "submit", "--jobs", "25", "--batch", "10"))
                    .isZero();
            assertThat(shell.take()).contains("(n=3)");
            assertThat(shell.run("bench", "work", "--jobs", "50")).isZero();
            assertThat(shell.take()).startsWith("worked on 50 jobs in ");
            assertThat(shell.run("bench", "latency", "--jobs", "3")).isZero();
            assertThat(shell.take()).startsWith("submit to start: p50 ").endsWith("(n=3)\n");
            shell.run("stats", "--json");
            assertThat(shell.out()).contains("\"completed\":103");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit --jobs 0", "submit --batch 1001", "submit --bytes 0", "work --concurrency 1001"})
    void boundsAreTold(String words) {
        assertThat(shell.run(("bench " + words + " --addr localhost:1").split(" ")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("1 to ").hasLineCount(1);
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        assertThat(Sample.of(new long[] {4_000_000, 1_000_000, 2_000_000, 3_000_000}))
                .hasToString("p50 2.00 ms, p95 4.00 ms, p99 4.00 ms, max 4.00 ms (n=4)");
    }
}
