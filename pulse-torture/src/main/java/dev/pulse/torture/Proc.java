package dev.pulse.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of ours that can be killed, stopped, continued and started again. What it says is kept in one file. */
final class Proc implements AutoCloseable {
    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;

    /** @param main class on our own class path */
    Proc(String name, Path folder, String main, List<String> arguments, Map<String, String> environment)
            throws IOException {
        this(name, folder, java(main, arguments), environment);
    }

    /** @param command any program */
    Proc(String name, Path folder, List<String> command, Map<String, String> environment) throws IOException {
        this.name = name;
        this.log = folder.resolve(name + ".log");
        this.environment = environment;
        this.command = command;
        this.process = launch();
    }

    private static List<String> java(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(arguments);
        return command;
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to leave. */
    void terminate() {
        process.destroy();
    }

    /** The exit code; -1 where it does not end in time. */
    int exitWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    void start() throws IOException {
        process = launch();
    }

    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** All that the process and its predecessors said. */
    String said() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Waits until the log has this many lines that begin so. */
    void awaitSaid(String beginning, int times) throws IOException, InterruptedException {
        Await.until(name + " says " + beginning, () -> count(beginning) >= times);
    }

    private long count(String beginning) {
        try {
            return said().lines().filter(line -> line.startsWith(beginning)).count();
        } catch (IOException e) {
            return 0; // not there yet
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Waiting with a bound that names what was waited for. */
    static final class Await {
        private static final long MOST_MS = 300_000;
        private static final long STEP_MS = 50;

        private Await() {}

        static void until(String what, BooleanSupplier condition) throws InterruptedException {
            long deadline = System.nanoTime() + MOST_MS * 1_000_000;
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited " + MOST_MS / 1000 + " s in vain: " + what);
                }
                Thread.sleep(STEP_MS);
            }
        }
    }
}
