package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the command line answers without a server. */
class CommandTreeTest {
    /** Nobody listens there. */
    private static final String NOBODY = "localhost:1";

    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();

    static Stream<List<String>> everyCommand() {
        List<List<String>> commands = new ArrayList<>();
        collect(CommandTree.of(new TestShell().shell(), Words.ALL), List.of(), commands);
        return commands.stream();
    }

    private static void collect(CommandLine line, List<String> words, List<List<String>> into) {
        into.add(words);
        line.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(words);
            longer.add(name);
            collect(subcommand, longer, into);
        });
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void helpExitsZeroAtEveryLevel(List<String> words) {
        List<String> arguments = new ArrayList<>(words);
        arguments.add("--help");
        assertThat(shell.run(arguments.toArray(String[]::new))).isZero();
        assertThat(shell.out())
                .contains("Usage: "
                        + String.join(
                                " ",
                                Stream.concat(Stream.of("pulse"), words.stream())
                                        .toList()));
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void unknownFlagIsAUsageErrorThatNamesTheNearest() {
        assertThat(shell.run("submit", "email", "--prioirty", "3")).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err())
                .contains("--prioirty")
                .contains("did you mean --priority?")
                .hasLineCount(1);
    }

    @Test
    void unknownCommandIsAUsageErrorThatNamesTheNearest() {
        assertThat(shell.run("sumbit", "email")).isEqualTo(2);
        assertThat(shell.err())
                .contains("sumbit")
                .contains("did you mean submit?")
                .hasLineCount(1);
    }

    /** The parser is told of no more commands than it needs, so what it does with them must not depend on it. */
    @ParameterizedTest
    @MethodSource("everyCommand")
    void commandThatIsMadeAloneIsTheSameAsAmongAllOthers(List<String> words) {
        CommandLine among = CommandTree.of(shell.shell(), Words.ALL);
        CommandLine alone = CommandTree.of(shell.shell(), Words.of(words.toArray(String[]::new)));
        for (String word : words) {
            among = Objects.requireNonNull(among.getSubcommands().get(word));
            alone = Objects.requireNonNull(alone.getSubcommands().get(word));
        }
        assertThat(alone.getUsageMessage()).isEqualTo(among.getUsageMessage());
        assertThat(alone.getCommandSpec().qualifiedName())
                .isEqualTo("pulse" + words.stream().map(w -> " " + w).collect(Collectors.joining()));
    }

    @Test
    void unknownCommandBelowAGroupIsAUsageErrorThatNamesTheNearest() {
        assertThat(shell.run("jobs", "lsit")).isEqualTo(2);
        assertThat(shell.err()).contains("did you mean list?").hasLineCount(1);
    }

    @Test
    void missingCommandIsAUsageErrorOfOneLine() {
        assertThat(shell.run()).isEqualTo(2);
        assertThat(shell.run("jobs")).isEqualTo(2);
        assertThat(shell.err()).hasLineCount(2);
    }

    @ParameterizedTest
    @MethodSource
    void wrongInputIsAUsageErrorOfOneLineThatNamesTheFault(String fault, List<String> arguments) {
        assertThat(shell.run(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains(fault).hasLineCount(1);
    }

    static Stream<Arguments> wrongInputIsAUsageErrorOfOneLineThatNamesTheFault() {
        return Stream.of(
                wrong("TYPE", "submit"),
                wrong("payload", "submit", "email", "{\"a\":"),
                wrong("payload", "submit", "email", ""),
                wrong("standard input", "submit", "email", "-"),
                wrong("/: ", "submit", "email", "@/"),
                wrong("Missing required parameter for option '--queue'", "submit", "email", "--queue"),
                wrong(
                        "'--queue' (QUEUE) should be specified only once",
                        "submit",
                        "email",
                        "--queue",
                        "a",
                        "--queue",
                        "b"),
                wrong("no file /nowhere", "submit", "email", "@/nowhere"),
                wrong("Unmatched argument", "submit", "email", "{}", "more"),
                wrong("--priority", "submit", "email", "--priority", "high"),
                wrong("--priority", "submit", "email", "--priority", "2147483648"),
                wrong("not a duration", "submit", "email", "--delay", "soon"),
                wrong("must not be negative", "submit", "email", "--delay", "PT-5S"),
                wrong("RFC 3339", "submit", "email", "--at", "2026-02-30T00:00:00Z"),
                wrong("run_at or delay", "submit", "email", "--at", "2030-01-01T00:00:00Z", "--delay", "5s"),
                wrong("max_attempts", "submit", "email", "--max-attempts", "0"),
                wrong("timeout", "submit", "email", "--timeout", "0s"),
                wrong("backoff", "submit", "email", "--backoff", "sometimes"),
                wrong("key_ttl", "submit", "email", "--key-ttl", "5s"),
                wrong("type", "submit", "two words"),
                wrong("queue", "submit", "email", "--queue", "a/b"),
                wrong("--tag", "submit", "email", "--tag", "novalue"),
                wrong("no status \"done\"", "jobs", "list", "--status", "done"),
                wrong("not an id", "jobs", "get", "1-1-1-1-1"),
                wrong("ID", "jobs", "get"),
                wrong("--all", "jobs", "requeue"),
                wrong("not both", "jobs", "cancel", "--all", "--type", "a", "019ac2b4-0000-7000-8000-000000000000"),
                wrong("--all needs a filter", "jobs", "delete", "--all", "--yes"),
                wrong("TYPE", "work", "--exec", "true"),
                wrong("--exec", "work", "email"));
    }

    private static Arguments wrong(String fault, String... arguments) {
        return Arguments.of(fault, List.of(arguments));
    }

    @Test
    void unreachableServerIsSaidInOneLine() {
        assertThat(shell.run("stats", "--addr", NOBODY)).isEqualTo(6);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains("localhost:1").hasLineCount(1);
    }

    @Test
    void scriptThatAskedForJsonGetsTheProblemAsJson() {
        assertThat(shell.run("stats", "--json", "--addr", NOBODY)).isEqualTo(6);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).startsWith("{\"code\":\"PULSE-5004\"").hasLineCount(1);
    }

    @Test
    void addressComesFromTheEnvironmentWhereNoFlagIsGiven() {
        shell.environment().put("PULSE_ADDR", NOBODY);
        assertThat(shell.run("jobs", "list")).isEqualTo(6);
        assertThat(shell.err()).contains("localhost:1");
    }

    @Test
    void payloadThatAPersonWouldHaveToTypeIsRefused() {
        shell.in(new Terminal(true, true, 80, 24, true, true, true));
        assertThat(shell.run("submit", "email", "-", "--addr", NOBODY)).isEqualTo(2);
        assertThat(shell.err()).contains("standard input is a terminal").hasLineCount(1);
    }

    @Test
    void payloadBeyondTheHardLimitIsRefusedBeforeItTravels() throws Exception {
        Path file = Files.write(folder.resolve("big.json"), new byte[(1 << 20) + 1]);
        assertThat(shell.run("submit", "email", "@" + file, "--addr", NOBODY)).isEqualTo(7);
        assertThat(shell.err()).contains("1048576").hasLineCount(1);
    }

    @Test
    void versionIsTheBuildsOwn() {
        assertThat(shell.run("version")).isZero();
        assertThat(shell.out()).startsWith("pulse 0.").doesNotContain("project.version");
    }
}
