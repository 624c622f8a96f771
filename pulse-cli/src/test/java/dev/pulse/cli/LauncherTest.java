package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher and its JDK search, as real processes, on a copy whose Maven is a script: it "builds" a program that prints
 * its arguments, and notes that it was called.
 */
class LauncherTest {
    private static final String PROGRAM = """
            package dev.pulse.cli;
            public class Main {
                public static void main(String[] arguments) throws Exception {
                    System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
                    if (arguments.length > 0 && arguments[0].equals("sleep")) {
                        System.out.println(ProcessHandle.current().pid());
                        Thread.currentThread().join(60_000);
                    }
                    for (String argument : arguments) {
                        System.out.println("[" + argument + "]");
                    }
                    System.exit(arguments.length > 1 && arguments[0].equals("exit") ? Integer.parseInt(arguments[1]) : 0);
                }
            }
            """;

    private static final String MAVEN = """
            #!/bin/sh
            here=$(dirname "$0")
            echo called >>"$here/calls"
            [ ! -e "$here/slow" ] || sleep 1
            echo '[INFO] Building pulse-model 0.1.0-SNAPSHOT                [1/2]'
            if [ -e "$here/broken" ]; then
              echo '[ERROR] Main.java:[1,1] broken'
              exit 1
            fi
            mkdir -p "$here/pulse-cli/target/lib"
            cp "$here/program.jar" "$here/pulse-cli/target/pulse-cli-0.1.0-SNAPSHOT.jar"
            cp "$here/program.jar" "$here/pulse-cli/target/lib/somebody-elses-1.0.jar"
            """;

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void copyTheLauncher() throws IOException {
        root = folder.resolve("a folder with blanks & more");
        Path sources = Path.of("..").toAbsolutePath().normalize();
        Files.createDirectories(root.resolve(".dev"));
        Files.createDirectories(root.resolve("pulse-model/src/main"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("pulse-model/src/main/A.java"), "class A {}");
        for (String name : List.of("pulse", ".dev/jdk.sh", ".dev/build.sh", ".dev/launch.sh")) {
            Files.copy(sources.resolve(name), root.resolve(name));
        }
        Files.writeString(root.resolve("mvnw"), MAVEN);
        assertThat(root.resolve("mvnw").toFile().setExecutable(true)).isTrue();
        assertThat(root.resolve("pulse").toFile().setExecutable(true)).isTrue();
        makeProgram(root.resolve("program.jar"));
    }

    @Test
    void firstUseBuildsAndSaysSoOnStandardErrorOnly() throws Exception {
        Run run = launch("version");
        assertThat(run.out).isEqualTo("[version]\n");
        assertThat(run.err).contains("pulse: building pulse-model [1/2]");
        assertThat(run.exit).isZero();
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Run run = launch("submit", "two  blanks", "", "*", "{\"a\": 1}", "$HOME");
        assertThat(run.out).isEqualTo("[submit]\n[two  blanks]\n[]\n[*]\n[{\"a\": 1}]\n[$HOME]\n");
    }

    @Test
    void lettersBeyondAsciiArriveInALocaleWithoutThem() throws Exception {
        // By a script, because this JVM too writes arguments in the encoding of its locale.
        Path script = Files.writeString(folder.resolve("call"), "exec \"$1\" 'Zoë 🚀'");
        Map<String, String> plain = Map.of("LC_ALL", "C", "LC_CTYPE", "", "LANG", "");
        Process process = start(
                Path.of("/bin/sh"),
                plain,
                script.toString(),
                root.resolve("pulse").toString());
        assertThat(finish(process).out).isEqualTo("[Zoë 🚀]\n");
    }

    @Test
    void exitCodeIsTheProgramsOwn() throws Exception {
        assertThat(launch("exit", "6").exit).isEqualTo(6);
    }

    @Test
    void secondUseDoesNotBuild() throws Exception {
        launch("version");
        Run run = launch("version");
        assertThat(calls()).isEqualTo(1);
        assertThat(run.err).isEmpty();
    }

    @Test
    void newerSourceBuildsAgain() throws Exception {
        launch("version");
        Files.writeString(root.resolve("pulse-model/src/main/A.java"), "class A { int b; }");
        launch("version");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void removedSourceBuildsAgain() throws Exception {
        launch("version");
        Files.delete(root.resolve("pulse-model/src/main/A.java"));
        launch("version");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void buildingAgainLeavesTheJarsOfARunningProcessInPlace() throws Exception {
        launch("version");
        Path firstJar = jarOfCurrentBuild();
        Files.writeString(root.resolve("pulse-model/src/main/A.java"), "class A { int b; }");
        launch("version");
        assertThat(jarOfCurrentBuild()).isNotEqualTo(firstJar);
        assertThat(firstJar).exists();
    }

    @Test
    void twoLaunchersAtOnceBuildOnce() throws Exception {
        Files.createFile(root.resolve("slow"));
        Process first = start(root.resolve("pulse"), Map.of(), "one");
        Process second = start(root.resolve("pulse"), Map.of(), "two");
        assertThat(finish(first).out).isEqualTo("[one]\n");
        assertThat(finish(second).out).isEqualTo("[two]\n");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void lockOfADeadBuildIsBroken() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(root.resolve("target/pulse"));
        Files.createSymbolicLink(root.resolve("target/pulse/lock"), Path.of(String.valueOf(dead.pid())));
        assertThat(launch("version").exit).isZero();
    }

    @Test
    void linkFromAnotherFolderWorks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("pulse-link"), root.resolve("pulse"));
        assertThat(finish(start(link, Map.of(), "version")).out).isEqualTo("[version]\n");
    }

    @Test
    void launcherBecomesTheProgramSoThatSignalsReachIt() throws Exception {
        launch("version");
        Process process = start(root.resolve("pulse"), Map.of(), "sleep");
        String pid = process.inputReader().readLine();
        assertThat(pid).isEqualTo(String.valueOf(process.pid()));
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void failedBuildShowsTheErrorAndWhereTheLogIs() throws Exception {
        Files.createFile(root.resolve("broken"));
        Run run = launch("version");
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains("Main.java:[1,1] broken").contains("build.log");
    }

    @Test
    void missingJdkIsSaidWithWherePulseLooked() throws Exception {
        Run run = finish(start(root.resolve("pulse"), Map.of("PULSE_JDK_MIN", "99"), "version"));
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err)
                .contains("no JDK 99 or newer found")
                .contains("JAVA_HOME (" + System.getProperty("java.home"))
                .contains("Too old:");
        assertThat(calls()).isZero();
    }

    private record Run(int exit, String out, String err) {}

    private Run launch(String... arguments) throws Exception {
        return finish(start(root.resolve("pulse"), Map.of(), arguments));
    }

    private Process start(Path launcher, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        // From another folder, on the JDK that runs this test.
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Run finish(Process process) throws Exception {
        Thread[] readers = new Thread[1];
        StringBuilder err = new StringBuilder();
        readers[0] = Thread.ofVirtual().start(() -> err.append(text(process, true)));
        String out = text(process, false);
        readers[0].join();
        return new Run(process.waitFor(), out, err.toString());
    }

    private static String text(Process process, boolean error) {
        try {
            return new String(
                    (error ? process.getErrorStream() : process.getInputStream()).readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int calls() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    private Path jarOfCurrentBuild() throws IOException {
        Path out = root.resolve("target/pulse");
        return out.resolve(Files.readString(out.resolve("current")).strip())
                .resolve("lib/pulse-cli-0.1.0-SNAPSHOT.jar");
    }

    private void makeProgram(Path jar) throws IOException {
        Path source = folder.resolve("Main.java");
        Files.writeString(source, PROGRAM);
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "--release", "21", source.toString());
        assertThat(compiled).isZero();
        File main = folder.resolve("dev/pulse/cli/Main.class").toFile();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("dev/pulse/cli/Main.class"));
            Files.copy(main.toPath(), out);
        }
    }
}
