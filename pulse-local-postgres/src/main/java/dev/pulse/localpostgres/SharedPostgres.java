package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server for all tests of a JVM, in a temporary folder, started when first asked for and gone with the JVM. Tests
 * take a database each. The system property {@value #BINARIES} names another archive of binaries, for a run of the
 * tests on another major version. Any thread.
 */
public final class SharedPostgres {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPostgres.class);

    /** System property: a jar or {@code .txz} of PostgreSQL to run the tests on, instead of the class path's. */
    public static final String BINARIES = "pulse.test.postgres.binaries";

    /** System property: {@code true} has {@link #route} lead through a pgbouncer in transaction mode. */
    public static final String POOLER = "pulse.test.pgbouncer";

    private static final String FOLDER_PREFIX = "pulse-test-postgres-";
    private static final Duration YOUNG = Duration.ofMinutes(10);
    private static final AtomicLong DATABASES = new AtomicLong();
    private static @Nullable LocalPostgres server;
    private static @Nullable Pgbouncer pooler;

    private SharedPostgres() {}

    /** The server, started by the first call. */
    public static synchronized LocalPostgres server() {
        if (server == null) {
            server = start();
        }
        return server;
    }

    /** JDBC URL of a new empty database. */
    public static String freshDatabase() {
        String name = nextName();
        server().createDatabase(name);
        return server().jdbcUrl(name);
    }

    /** JDBC URL of a new copy of that database, to which nobody may be connected meanwhile. */
    public static String freshDatabase(String template) {
        String name = nextName();
        server().createDatabase(name, template);
        return server().jdbcUrl(name);
    }

    /** The way to that database that the tests of this run take: straight, or through the pooler. */
    public static synchronized String route(String jdbcUrl) {
        if (!Boolean.getBoolean(POOLER)) {
            return jdbcUrl;
        }
        if (pooler == null) {
            pooler = startPooler(server());
        }
        return pooler.route(jdbcUrl);
    }

    private static Pgbouncer startPooler(LocalPostgres behind) {
        try {
            Path folder = Files.createTempDirectory("pulse-test-pgbouncer-");
            Pgbouncer started = Pgbouncer.start(folder, behind.port(), behind.password(), System::nanoTime);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .name("pulse-test-pgbouncer-stop")
                            .unstarted(() -> {
                                started.close();
                                BinariesCache.remove(folder);
                            }));
            return started;
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot make a folder for pgbouncer: " + Failures.reason(e), e);
        }
    }

    private static String nextName() {
        return "test_" + DATABASES.incrementAndGet();
    }

    private static LocalPostgres start() {
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            Path folder = Files.createTempDirectory(temporary, FOLDER_PREFIX);
            removeAbandoned(temporary, Files.getLastModifiedTime(folder).toInstant());
            String binaries = System.getProperty(BINARIES, "");
            LocalPostgres started = LocalPostgres.start(LocalPostgresConfig.in(folder)
                    .withBinaries(binaries.isEmpty() ? null : Path.of(binaries))
                    // Many test JVMs run beside each other, each with its own server and little data.
                    .withSettings(Map.of("shared_buffers", "128MB", "max_wal_size", "1GB")));
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("pulse-test-postgres-stop").unstarted(() -> {
                                started.close();
                                BinariesCache.remove(folder);
                            }));
            return started;
        } catch (IOException e) {
            throw new LocalPostgresException(
                    "Cannot make a folder for the tests' PostgreSQL: " + Failures.reason(e), e);
        }
    }

    /**
     * Test JVMs get killed; their folders would stay. One that is still owned is locked and left alone, and so is a
     * young one, whose owner may be about to lock it.
     */
    private static void removeAbandoned(Path temporary, Instant now) throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(FOLDER_PREFIX))
                    .filter(entry -> Files.isWritable(entry) && isOlder(entry.resolve("lock"), now.minus(YOUNG)))
                    .forEach(SharedPostgres::removeIfAbandoned);
        }
    }

    private static boolean isOlder(Path file, Instant limit) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
        } catch (IOException e) {
            return false;
        }
    }

    private static void removeIfAbandoned(Path folder) {
        FolderLock lock;
        try {
            lock = FolderLock.take(folder);
        } catch (LocalPostgresException e) {
            LOG.debug("left alone: {}", e.getMessage());
            return;
        }
        try {
            DataFolder.open(folder, new Waits(System::nanoTime)).bringToRest(Duration.ofSeconds(30));
            BinariesCache.remove(folder);
        } finally {
            lock.close();
        }
    }
}
