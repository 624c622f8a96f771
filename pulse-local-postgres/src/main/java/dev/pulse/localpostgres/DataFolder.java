package dev.pulse.localpostgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server's folder: {@code pgdata}, {@code password}, {@code lock}, {@code postgres.log}. Knows how to make it, how
 * to tell whose it is, and how to bring it to rest when a server of an earlier process still runs on it. Used by the
 * thread that starts the server, and after a crash by the one that watches it; never by both at once.
 */
final class DataFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final Duration INITDB_LIMIT = Duration.ofMinutes(5);
    private static final Duration HARD_STOP_LIMIT = Duration.ofSeconds(15);
    private static final long LOG_BYTES_KEPT = 10L << 20;
    private static final int TAIL_BYTES = 4096;
    private static final int PASSWORD_BYTES = 24;
    static final String SUPERUSER = "pulse";

    private final Path home;
    private final long user;
    private final Waits waits;

    private DataFolder(Path home, long user, Waits waits) {
        this.home = home;
        this.user = user;
        this.waits = waits;
    }

    /** Makes the folder when needed and proves that it can be written to. */
    static DataFolder open(Path directory, Waits waits) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory.getParent() == null ? directory : directory.getParent());
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path home = directory.toRealPath();
            Path probe = Files.createTempFile(home, ".probe", "");
            try {
                long user = ((Integer) Files.getAttribute(probe, "unix:uid")).longValue();
                return new DataFolder(home, user, waits);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw new LocalPostgresException(
                    "Cannot keep data in " + directory + ": " + Failures.reason(e)
                            + ". Choose a folder that this user may write to (PULSE_DATA_DIR).",
                    e);
        }
    }

    Path home() {
        return home;
    }

    /** The user id of this process, as the file system sees it. */
    long user() {
        return user;
    }

    Path pgdata() {
        return home.resolve("pgdata");
    }

    Path log() {
        return home.resolve("postgres.log");
    }

    String password() {
        Path file = home.resolve("password");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new LocalPostgresException(
                    "Cannot read the database password: " + Failures.reason(e) + ". It was made together with "
                            + pgdata() + " and is needed to open it; put it back from where the folder came from.",
                    e);
        }
    }

    /** Makes the database cluster, or checks that the one that is there can be opened by these programs. */
    void prepare(RunAs runAs, Path binaries, RandomGenerator random) {
        try {
            if (Files.exists(pgdata(), LinkOption.NOFOLLOW_LINKS)) {
                checkVersion(runAs);
                adopt(runAs, pgdata());
            } else {
                initialize(runAs, binaries, random);
            }
            rotateLog();
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot prepare " + home + ": " + Failures.reason(e), e);
        }
    }

    private void checkVersion(RunAs runAs) throws IOException {
        Path file = pgdata().resolve("PG_VERSION");
        if (!Files.isReadable(pgdata()) || !Files.exists(file)) {
            throw new LocalPostgresException(pgdata()
                    + (Files.isReadable(pgdata())
                            ? " is not a PostgreSQL data folder (it has no PG_VERSION)."
                            : " belongs to " + Files.getOwner(pgdata()).getName() + " and cannot be read by this user.")
                    + " Choose another folder (PULSE_DATA_DIR).");
        }
        String found = Files.readString(file).strip();
        if (!found.equals(runAs.major())) {
            throw new LocalPostgresException("The data in " + pgdata() + " was written by PostgreSQL " + found
                    + ", and this Pulse brings PostgreSQL " + runAs.version() + ", which cannot open it. Use the Pulse"
                    + " that wrote it, or give this one another folder (PULSE_DATA_DIR).");
        }
    }

    /** Root may run its server by another way than last time; the files then change hands. */
    private void adopt(RunAs runAs, Path folder) throws IOException {
        Integer owner = (Integer) Files.getAttribute(folder, "unix:uid");
        String wanted = runAs.owner();
        if (wanted.startsWith(owner + ":")) {
            return;
        }
        if (user != 0) {
            throw new LocalPostgresException(
                    folder + " belongs to " + Files.getOwner(folder).getName()
                            + "; PostgreSQL opens only a folder of the user that it runs as. Start Pulse as that user, or"
                            + " choose another folder (PULSE_DATA_DIR).");
        }
        Commands.Result changed = Commands.run(INITDB_LIMIT, List.of("chown", "-R", "-h", wanted, folder.toString()));
        if (!changed.ok()) {
            throw new LocalPostgresException("Cannot give " + folder + " to " + wanted + ": " + changed.output());
        }
    }

    /** Made aside and moved into place whole: a killed initdb leaves rubbish that the next start removes. */
    private void initialize(RunAs runAs, Path binaries, RandomGenerator random) throws IOException {
        Path fresh = home.resolve("pgdata.new");
        Path secret = home.resolve("password.new");
        BinariesCache.removeIfThere(fresh);
        BinariesCache.removeIfThere(secret);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(fresh, ownerOnly);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, newPassword(random) + "\n");
        adopt(runAs, fresh);
        adopt(runAs, secret);
        Commands.Result made = Commands.run(INITDB_LIMIT, runAs.tool(initdb(binaries, fresh, secret)));
        if (!made.ok()) {
            BinariesCache.removeIfThere(fresh);
            throw new LocalPostgresException("Cannot make a database in " + pgdata() + ": " + made.output());
        }
        // The password first: without the data it is merely replaced, the data without it would be locked.
        Path password = home.resolve("password");
        Files.move(secret, password, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, pgdata(), StandardCopyOption.ATOMIC_MOVE);
        LOG.info("made a PostgreSQL {} database in {}", runAs.version(), pgdata());
    }

    private static List<String> initdb(Path binaries, Path pgdata, Path secret) {
        return List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + pgdata,
                "--username=" + SUPERUSER,
                "--pwfile=" + secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                // Bytewise order: the same on every machine and after every libc update, and the fastest for keys.
                "--locale=C",
                "--data-checksums");
    }

    private static String newPassword(RandomGenerator random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Ends whatever still runs on this data: the server of a Pulse that was killed, or what a killed postmaster left
     * behind. Only the holder of the folder's lock may call this, so nobody living misses that server. Its committed
     * work is kept, whichever of the signals it takes.
     */
    void bringToRest(Duration cleanStop) {
        Optional<PostmasterPid> written = PostmasterPid.read(pgdata());
        written.filter(postmaster -> OsProcesses.isPostmasterOf(postmaster.pid(), pgdata()))
                .ifPresent(postmaster -> stopOrphan(postmaster.pid(), cleanStop));
        endBackends();
        if (Files.exists(PostmasterPid.file(pgdata()))) {
            // No process stands behind it. PostgreSQL would believe a zombie, or a stranger with the same pid.
            LOG.info("the server on {} was killed last time; it recovers now", pgdata());
            try {
                Files.deleteIfExists(PostmasterPid.file(pgdata()));
            } catch (IOException e) {
                throw new LocalPostgresException(
                        "Cannot remove the left-over " + PostmasterPid.file(pgdata()) + ": " + Failures.reason(e), e);
            }
        }
    }

    private void stopOrphan(long pid, Duration cleanStop) {
        LOG.info("stopping PostgreSQL (pid {}), which outlived the Pulse that started it", pid);
        for (String signal : List.of("INT", "QUIT")) {
            OsProcesses.signal(signal, pid);
            Duration limit = signal.equals("INT") ? cleanStop : HARD_STOP_LIMIT;
            if (waits.until(limit, () -> !OsProcesses.isPostmasterOf(pid, pgdata()))) {
                return;
            }
        }
        throw new LocalPostgresException("PostgreSQL with pid " + pid + " still runs on " + pgdata()
                + " and does not stop. End it by hand (kill -QUIT " + pid + ") and start again.");
    }

    /** Children of a killed postmaster notice by themselves; one that is busy is told. Never KILL: it could be writing. */
    private void endBackends() {
        if (waits.until(
                Duration.ofSeconds(5), () -> OsProcesses.serversIn(pgdata()).isEmpty())) {
            return;
        }
        OsProcesses.serversIn(pgdata()).forEach(pid -> OsProcesses.signal("QUIT", pid));
        if (!waits.until(HARD_STOP_LIMIT, () -> OsProcesses.serversIn(pgdata()).isEmpty())) {
            throw new LocalPostgresException("Processes " + OsProcesses.serversIn(pgdata()) + " of a killed server"
                    + " still work in " + pgdata() + ". End them by hand and start again.");
        }
    }

    private void rotateLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_BYTES_KEPT) {
            Files.move(log(), home.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    long logSize() {
        try {
            return Files.exists(log()) ? Files.size(log()) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The end of what the server wrote since the log had that size. */
    String logSince(long position) {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            long start = Math.max(position, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines = new ArrayList<>(
                    new String(bytes, StandardCharsets.UTF_8).lines().toList());
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 6), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }
}
