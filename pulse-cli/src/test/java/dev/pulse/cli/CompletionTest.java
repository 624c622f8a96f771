package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in a real bash, asked as the key asks. */
class CompletionTest {
    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void printTheScript() throws Exception {
        TestShell shell = new TestShell();
        assertThat(shell.run("completion", "bash")).isZero();
        script = Files.writeString(folder.resolve("pulse.bash"), shell.out());
    }

    @Test
    void bashCompletesCommandsTheirCommandsAndTheirFlags() throws Exception {
        assertThat(completed("pulse", "sub")).containsExactly("submit");
        assertThat(completed("pulse", "jobs", "re")).contains("requeue");
        assertThat(completed("pulse", "jobs", "list", "--sta")).containsExactly("--status");
        assertThat(completed("pulse", "schedules", "create", "--mis")).contains("--misfire", "--misfire-limit");
        assertThat(completed("pulse", "completion", "")).contains("bash", "zsh");
    }

    @Test
    void bashCompletesTheStatusesAsTheyAreWritten() throws Exception {
        assertThat(completed("pulse", "jobs", "list", "--status", "de")).containsExactly("dead_lettered");
    }

    @Test
    void scriptForZshFirstLetsItTakeScriptsForBash() {
        TestShell shell = new TestShell();
        assertThat(shell.run("completion", "zsh")).isZero();
        assertThat(shell.out()).startsWith("autoload -U +X bashcompinit && bashcompinit\n");
    }

    @Test
    void otherShellsAreRefusedNamingThoseThatThereAre() {
        TestShell shell = new TestShell();
        assertThat(shell.run("completion", "fish")).isEqualTo(2);
        assertThat(shell.err()).contains("bash", "zsh").hasLineCount(1);
    }

    private List<String> completed(String... words) throws Exception {
        String asking =
                "compopt() { :; }; source '" + script + "'; COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; _complete_pulse;"
                        + " printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", asking, "bash"));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().map(String::strip).toList();
    }
}
