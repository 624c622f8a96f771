package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the operating system knows of processes that this JVM did not start, or no longer owns. Any thread.
 *
 * <p>A pid alone proves nothing: where process 1 does not reap (many containers) a dead postmaster stays as a zombie
 * whose pid "exists", and a pid may by now belong to something else. So a pid counts only while it is alive, no
 * zombie, and demonstrably a postmaster of the folder in question.
 */
final class OsProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));

    private OsProcesses() {}

    /** Alive in the sense that it still runs code; a zombie does not. */
    static boolean alive(long pid) {
        if (!HAS_PROC) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may itself hold parentheses and spaces: the state follows the last one.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Whether this pid is a running postmaster on this data folder. */
    static boolean isPostmasterOf(long pid, Path pgdata) {
        if (!alive(pid)) {
            return false;
        }
        if (!HAS_PROC) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .map(command -> command.endsWith("postgres"))
                    .orElse(false);
        }
        List<String> arguments = arguments(pid);
        int flag = arguments.indexOf("-D");
        boolean named = flag >= 0
                && flag + 1 < arguments.size()
                && arguments.get(flag + 1).equals(pgdata.toString());
        return isPostgres(arguments) && (named || worksIn(pid, pgdata));
    }

    /** All server processes that work on this folder, the postmaster's children included. Empty where unknowable. */
    static List<Long> serversIn(Path folder) {
        if (!HAS_PROC) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .filter(pid -> worksIn(pid, folder) && isPostgres(arguments(pid)) && alive(pid))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Sends a signal by name. Java itself can send only TERM and KILL, and TERM means "wait for every client" here. */
    static void signal(String name, long pid) {
        Commands.run(Duration.ofSeconds(10), List.of("/bin/sh", "-c", "kill -" + name + " " + pid));
    }

    private static boolean worksIn(long pid, Path folder) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).equals(folder);
        } catch (IOException e) {
            return false;
        }
    }

    /** A postmaster keeps the path it was started by; its children call themselves "postgres: …". */
    private static boolean isPostgres(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        return name.endsWith("postgres") || name.startsWith("postgres:");
    }

    private static List<String> arguments(long pid) {
        try {
            return Arrays.asList(
                    Files.readString(PROC.resolve(pid + "/cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
