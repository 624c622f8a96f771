package dev.pulse.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the lines that the README and docs/rest.md show, as they stand there, by bash and curl against a real server. Needs
 * both, which a JDK does not bring: {@code ./dev outside} runs it.
 */
class CurlLinesIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SHELL = Pattern.compile("^```sh\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern PATH = Pattern.compile("^    \"(/[^\"]*)\" ?: \\{", Pattern.MULTILINE);

    /** Shown where they belong: subscriptions are made over gRPC. */
    private static final String ELSEWHERE = "/subscriptions/{name}.*";

    private static final String PRELUDE = """
            set -eEo pipefail
            trap 'echo "FAILED: $BASH_COMMAND" >&2' ERR
            trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
            curl() { command curl -sS --fail-with-body -m 40 "$@"; }
            """;

    @TempDir
    private Path folder;

    @Test
    void everyLineOfTheRestPageWorks() throws Exception {
        try (RunningServer server = RunningServer.start()) {
            run(server, lines("docs/rest.md").collect(joining("\n")));
        }
    }

    @Test
    void theLinesOfTheReadmeWork() throws Exception {
        String lines = lines("README.md")
                .filter(line -> line.startsWith("curl ") || line.startsWith("./pulse "))
                .filter(line -> !line.startsWith("./pulse dev"))
                .map(line -> line.startsWith("./pulse work") ? line + " &" : line)
                .collect(joining("\n"));
        assertThat(lines).contains("curl ", "./pulse submit", "./pulse work", "./pulse jobs list", "./pulse stats");
        try (RunningServer server = RunningServer.start()) {
            run(server, lines.replace("./pulse ", "pulse ") + """

                    until curl 'localhost:8080/jobs?type=sha256&status=completed' | grep -q '"status":"completed"'; do :; done
                    """);
        }
    }

    @Test
    void everyPathHasALine() throws IOException {
        List<String> shown = lines("docs/rest.md").toList();
        Matcher path = PATH.matcher(Files.readString(ROOT.resolve("docs/openapi.json")));
        List<String> paths = path.results().map(found -> found.group(1)).toList();
        assertThat(paths).contains("/jobs/{id}/wait", "/openapi.json");
        List<String> missing = paths.stream()
                .filter(template ->
                        !template.matches(ELSEWHERE.replace("{", "\\{").replace("}", "\\}")))
                .filter(template -> shown.stream().noneMatch(line -> shows(line, template)))
                .toList();
        assertThat(missing).as("show a line in docs/rest.md").isEmpty();
    }

    private static boolean shows(String line, String template) {
        String address = "localhost:8080" + template.replaceAll("\\{\\w+}", "[^/? '\"|]+");
        return Pattern.compile(address + "([? '\"|)]|$)").matcher(line).find();
    }

    private static Stream<String> lines(String page) throws IOException {
        return SHELL.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .flatMap(block -> block.group(1).lines());
    }

    private void run(RunningServer server, String lines) throws IOException, InterruptedException {
        Path script = folder.resolve("lines.sh");
        Path said = folder.resolve("said");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(
                script,
                PRELUDE + "pulse() { " + java + " -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path")
                        + "' " + Main.class.getName() + " \"$@\"; }\n"
                        + lines.replace("localhost:8080", server.http()) + "\n");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("PULSE_ADDR", server.grpc());
        builder.environment().put("no_proxy", "*");
        Process bash = builder.start();
        try {
            assertThat(bash.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
            assertThat(bash.exitValue()).as(Files.readString(said)).isZero();
        } finally {
            bash.descendants().forEach(ProcessHandle::destroy);
            bash.destroy();
        }
    }
}
