package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script for those whose applications may not make tables. That it works is shown where the engine is embedded. */
final class MigratePrintTest {
    private final TestShell shell = new TestShell();

    @Test
    void theScriptIsPrintedWithoutADatabase() {
        assertThat(shell.run("migrate", "--print", "--database-schema", "jobs", "--role", "app"))
                .isZero();

        assertThat(shell.out())
                .startsWith("-- Pulse, schema jobs")
                .contains("create table jobs.turn", "insert into jobs.control", "partition jobs.job_2")
                .contains("grant usage on schema jobs to \"app\"")
                .doesNotContain("pulse.turn")
                .endsWith("commit;\n");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void aLaterVersionBringsNoDaysAndNoSchema() {
        assertThat(shell.run("migrate", "--print", "--from", "2")).isZero();

        assertThat(shell.out()).doesNotContain("create schema", "attach partition", "grant usage");
    }

    @ParameterizedTest
    @CsvSource({"--from,0", "--from,99", "--from,x", "--role,a'b", "--database-schema,No Schema"})
    void whatCannotBeIsRefused(String flag, String value) {
        assertThat(shell.run("migrate", "--print", flag, value)).isEqualTo(2);

        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).hasLineCount(1);
    }
}
