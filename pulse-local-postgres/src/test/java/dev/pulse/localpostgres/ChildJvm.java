package dev.pulse.localpostgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link ChildPulse} in a JVM of its own, as whom and with which programs on its path the test wants. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final String greeting;

    private ChildJvm(Process process) throws IOException {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("up ") && !line.startsWith("failed ")) {
            System.out.println("child: " + line);
            line = output.readLine();
        }
        this.greeting = line == null ? "ended without a word" : line;
    }

    /** What to start. */
    record Plan(
            Path data,
            Path cache,
            List<String> prefix,
            @Nullable Path programs,
            String classPath) {
        static Plan of(Path data, Path cache) {
            return new Plan(data, cache, List.of(), null, System.getProperty("java.class.path"));
        }

        Plan behind(String... command) {
            return new Plan(data, cache, List.of(command), programs, classPath);
        }

        /** With only these programs to be found. */
        Plan withPrograms(Path folder) {
            return new Plan(data, cache, prefix, folder, classPath);
        }

        Plan withClassPath(String other) {
            return new Plan(data, cache, prefix, programs, other);
        }

        ChildJvm start() throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xshare:auto",
                    "-cp",
                    classPath,
                    ChildPulse.class.getName(),
                    data.toString(),
                    cache.toString()));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            if (programs != null) {
                builder.environment().put("PATH", programs.toString());
            }
            return new ChildJvm(builder.start());
        }
    }

    String greeting() {
        return greeting;
    }

    long pid() {
        return process.pid();
    }

    long postmasterPid() {
        return Long.parseLong(greeted(1));
    }

    String url() {
        return greeted(2);
    }

    private String greeted(int word) {
        if (!greeting.startsWith("up ")) {
            throw new AssertionError("the child did not start: " + greeting);
        }
        return greeting.split(" ", -1)[word];
    }

    void kill() {
        process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    void signalGroup(String signal) {
        OsProcesses.signal(signal, -pid());
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Lets it stop in its own time. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // Killed before: its pipe is closed already.
            System.out.println("child: " + e.getMessage());
        }
        process.onExit().completeOnTimeout(process, 60, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }

    /** A folder that works as a PATH with these programs and no other. */
    static Path programs(Path folder, String... names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Files.createSymbolicLink(
                    folder.resolve(name), Path.of(Commands.find(name).orElseThrow()));
        }
        return folder;
    }

    /** The class path as a copy that every user can read. */
    static String readableClassPath(Path target) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path source = Path.of(entry);
            Path copy = target.resolve(copies.size() + "-" + source.getFileName());
            if (Files.exists(source)) {
                copyTree(source, copy);
                copies.add(copy.toString());
            }
        }
        return copies.stream().collect(Collectors.joining(":"));
    }

    private static void copyTree(Path source, Path target) throws IOException {
        try (Stream<Path> tree = Files.walk(source)) {
            tree.forEach(path -> {
                try {
                    Files.copy(
                            path,
                            target.resolve(source.relativize(path).toString()),
                            StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
