package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the server's programs are started, because PostgreSQL refuses to run as root. An ordinary user starts them as
 * they are. Root tries, in this order: a user namespace, where its files stay its own; a system user that can reach the
 * folders; the same user with the one capability that lets it reach them. Each way is tried with the real program
 * before it is used. Caller: {@link LocalPostgres#start}, its thread.
 *
 * <p>On Linux the server also gets a signal from the kernel when the thread that started it ends ({@code setpriv
 * --pdeathsig}), and a session of its own, so that Ctrl-C in a terminal reaches Pulse alone, which drains first.
 *
 * @param prefix what stands before the program
 * @param owner {@code uid:gid} that the data belongs to
 * @param version what the program says of itself, such as {@code 18.6}
 */
record RunAs(List<String> prefix, String owner, String version) {
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);
    private static final List<String> SYSTEM_USERS = List.of("postgres", "nobody");

    RunAs {
        prefix = List.copyOf(prefix);
    }

    /** The major version, the one that decides whether a data folder can be opened. */
    String major() {
        return version.split("[^0-9]", 2)[0];
    }

    /** Finds the first way in which this user can run the program with that folder. */
    static RunAs choose(long user, Path postgres, Path home) {
        List<String> refusals = new ArrayList<>();
        for (Way way : user == 0 ? waysOfRoot(home) : List.of(new Way("as this user", List.of(), user + ":"))) {
            Commands.Result probe = Commands.run(PROBE_LIMIT, probe(way.prefix(), postgres, home));
            String prelude = "postgres (PostgreSQL) ";
            if (probe.ok() && probe.output().startsWith(prelude)) {
                return new RunAs(
                        way.prefix(),
                        way.owner(),
                        probe.output().substring(prelude.length()).strip());
            }
            refusals.add(way.name() + ": " + probe.output());
        }
        throw new LocalPostgresException(
                user == 0
                        ? "PostgreSQL does not run as root, and no other way works on this machine ("
                                + String.join("; ", refusals) + "). Start Pulse as an ordinary user, install util-linux"
                                + " (unshare, setpriv), or use a PostgreSQL of your own (PULSE_DATABASE_URL)."
                        : "The unpacked PostgreSQL " + postgres + " does not run: " + String.join("; ", refusals));
    }

    /** A short program that must not outlive this one. */
    List<String> tool(List<String> command) {
        return joined(deathSignal("KILL"), command);
    }

    /** The server: its own session, and a fast and clean shutdown when this JVM is gone. */
    List<String> server(List<String> command) {
        List<String> own = Commands.find("setsid").map(List::of).orElse(List.of());
        return Stream.concat(own.stream(), joined(deathSignal("INT"), command).stream())
                .toList();
    }

    private List<String> joined(List<String> death, List<String> command) {
        // setpriv drops the death signal when it changes the user, so one setpriv does both, in its own right order.
        boolean switches = prefix.contains("--clear-groups");
        List<String> first = switches || death.isEmpty()
                ? prefix
                : Stream.concat(prefix.stream(), Stream.of(death.getFirst())).toList();
        List<String> flags = death.isEmpty() ? List.of() : death.subList(1, death.size());
        return Stream.of(first, flags, command).flatMap(List::stream).toList();
    }

    private static List<String> deathSignal(String signal) {
        return Commands.find("setpriv")
                .map(setpriv -> List.of(setpriv, "--pdeathsig", signal))
                .orElse(List.of());
    }

    private static List<String> probe(List<String> prefix, Path postgres, Path home) {
        String script = "test \"$(id -u)\" != 0 && cd \"$1\" && exec \"$2\" --version";
        return Stream.concat(
                        prefix.stream(),
                        Stream.of("/bin/sh", "-c", script, "probe", home.toString(), postgres.toString()))
                .toList();
    }

    private record Way(String name, List<String> prefix, String owner) {}

    private static List<Way> waysOfRoot(Path home) {
        List<Way> ways = new ArrayList<>();
        Commands.find("unshare")
                .ifPresent(unshare -> ways.add(new Way("user namespace", List.of(unshare, "-U"), "0:0")));
        Commands.find("setpriv")
                .ifPresent(setpriv -> systemUser().ifPresent(user -> {
                    passable(home);
                    List<String> asUser =
                            List.of(setpriv, "--reuid=" + user.uid(), "--regid=" + user.gid(), "--clear-groups");
                    String owner = user.uid() + ":" + user.gid();
                    ways.add(new Way("user " + user.name(), asUser, owner));
                    List<String> withReach = new ArrayList<>(asUser);
                    // Without the secure bit, access(2), which PostgreSQL asks about its own program, ignores
                    // capabilities.
                    withReach.addAll(List.of(
                            "--inh-caps=+dac_override",
                            "--ambient-caps=+dac_override",
                            "--securebits=+no_setuid_fixup"));
                    ways.add(new Way("user " + user.name() + " with dac_override", withReach, owner));
                }));
        return ways;
    }

    /** Lets the system user pass through the folder without being able to list it. */
    private static void passable(Path home) {
        try {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot set the permissions of " + home + ": " + Failures.reason(e), e);
        }
    }

    private record SystemUser(String name, String uid, String gid) {}

    private static Optional<SystemUser> systemUser() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            List<SystemUser> users = lines.map(line -> line.split(":"))
                    .filter(fields -> fields.length > 3 && SYSTEM_USERS.contains(fields[0]))
                    .map(fields -> new SystemUser(fields[0], fields[2], fields[3]))
                    .toList();
            return SYSTEM_USERS.stream()
                    .flatMap(name -> users.stream().filter(user -> user.name().equals(name)))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
