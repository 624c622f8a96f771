package dev.pulse.localpostgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a local server is started with.
 *
 * @param dataDirectory everything this server owns: {@code pgdata}, the password, the lock and the log
 * @param binariesCache where the server's programs are unpacked; shared by all servers of this user
 * @param port port on 127.0.0.1; 0 takes a free one
 * @param settings server settings laid over {@link #DEFAULT_SETTINGS}; the ones that durability and the launcher
 *     stand on are refused
 * @param binaries an archive ({@code .txz}, or a jar that holds one) to use instead of the one on the class path
 * @param startTimeout longest wait for a start; generous, because crash recovery after heavy writing takes its time
 * @param stopTimeout longest wait for a clean stop, before a hard one
 */
public record LocalPostgresConfig(
        Path dataDirectory,
        Path binariesCache,
        int port,
        Map<String, String> settings,
        @Nullable Path binaries,
        Duration startTimeout,
        Duration stopTimeout) {

    /**
     * The base that {@link #settings} is laid over. What is not here stays as PostgreSQL ships it, autovacuum
     * included: the store sets what its own tables need on those tables.
     */
    public static final Map<String, String> DEFAULT_SETTINGS = Map.ofEntries(
            // Several Pulse processes and their pools share one server; an idle connection costs a few MB at most.
            Map.entry("max_connections", "200"),
            // The hot part (turns, recent facts, their indexes) fits; a laptop still does not notice.
            Map.entry("shared_buffers", "256MB"),
            // Fewer forced checkpoints, hence fewer full-page images, under load; also the bound on the log's size.
            Map.entry("max_wal_size", "2GB"),
            Map.entry("min_wal_size", "256MB"),
            Map.entry("checkpoint_timeout", "10min"),
            // Enough for backup and replication to be added without a restart with other settings.
            Map.entry("wal_level", "replica"),
            // Statements here take microseconds; compiling one takes milliseconds.
            Map.entry("jit", "off"),
            // For the same reason no parallel workers; it also spares containers with a 64 MB /dev/shm.
            Map.entry("max_parallel_workers_per_gather", "0"),
            // Disks of today: an index probe is not four times the price of a sequential page.
            Map.entry("random_page_cost", "1.1"),
            // Errors of statements go to the client that caused them. The log keeps starts, recoveries and fatal
            // trouble, and so stays small without a collector process.
            Map.entry("log_min_messages", "log"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("log_line_prefix", "%m [%p] "),
            Map.entry("log_timezone", "UTC"),
            Map.entry("timezone", "UTC"),
            // Shown by ps beside every server process.
            Map.entry("cluster_name", "pulse-local"));

    /** Not negotiable: a submitted job survives a power cut, and nobody but this machine can connect. */
    static final Map<String, String> FIXED_SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "listen_addresses", "127.0.0.1",
            // TCP with a password is the only door: no socket file that another user could reach.
            "unix_socket_directories", "",
            // The launcher keeps the server's output in its own file.
            "logging_collector", "off");

    private static final Set<String> LAUNCHER_SETTINGS =
            Set.of("port", "data_directory", "hba_file", "ident_file", "config_file", "external_pid_file");

    public LocalPostgresConfig {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        binariesCache = binariesCache.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
        settings.forEach(LocalPostgresConfig::checkSetting);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " is not a port; 1 to 65535, or 0 for a free one");
        }
        requirePositive("startTimeout", startTimeout);
        requirePositive("stopTimeout", stopTimeout);
    }

    /** A server in this folder, on a free port, with the binaries of the class path. */
    public static LocalPostgresConfig in(Path dataDirectory) {
        return new LocalPostgresConfig(
                dataDirectory,
                defaultBinariesCache(dataDirectory),
                0,
                Map.of(),
                null,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30));
    }

    public LocalPostgresConfig withBinariesCache(Path cache) {
        return new LocalPostgresConfig(dataDirectory, cache, port, settings, binaries, startTimeout, stopTimeout);
    }

    public LocalPostgresConfig withPort(int newPort) {
        return new LocalPostgresConfig(
                dataDirectory, binariesCache, newPort, settings, binaries, startTimeout, stopTimeout);
    }

    /** Lays these settings over the ones this configuration has already. */
    public LocalPostgresConfig withSettings(Map<String, String> more) {
        Map<String, String> merged = new HashMap<>(settings);
        merged.putAll(more);
        return new LocalPostgresConfig(dataDirectory, binariesCache, port, merged, binaries, startTimeout, stopTimeout);
    }

    public LocalPostgresConfig withBinaries(@Nullable Path archive) {
        return new LocalPostgresConfig(
                dataDirectory, binariesCache, port, settings, archive, startTimeout, stopTimeout);
    }

    public LocalPostgresConfig withTimeouts(Duration start, Duration stop) {
        return new LocalPostgresConfig(dataDirectory, binariesCache, port, settings, binaries, start, stop);
    }

    /** All settings the server is started with, the fixed ones last. */
    Map<String, String> effectiveSettings() {
        Map<String, String> all = new HashMap<>(DEFAULT_SETTINGS);
        all.putAll(settings);
        all.putAll(FIXED_SETTINGS);
        return Map.copyOf(all);
    }

    /** The user's cache folder; beside the data where the user has no home to write to. */
    private static Path defaultBinariesCache(Path dataDirectory) {
        String home = System.getProperty("user.home", "");
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path cache;
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            cache = Path.of(xdg);
        } else if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")) {
            cache = Path.of(home, "Library", "Caches");
        } else {
            cache = Path.of(home, ".cache");
        }
        Path binaries = cache.resolve("pulse").resolve("postgres");
        return !home.isEmpty() && canBeMade(binaries) ? binaries : dataDirectory.resolve("binaries");
    }

    private static boolean canBeMade(Path folder) {
        for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                return Files.isDirectory(at) && Files.isWritable(at);
            }
        }
        return false;
    }

    private static void checkSetting(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            throw new IllegalArgumentException("settings: '" + name + "' is not the name of a PostgreSQL setting");
        }
        String key = name.toLowerCase(Locale.ROOT);
        String fixed = FIXED_SETTINGS.get(key);
        if (LAUNCHER_SETTINGS.contains(key) || (fixed != null && !fixed.equals(value))) {
            throw new IllegalArgumentException("settings: " + name + " = '" + value + "' is not open to change"
                    + (fixed == null ? "" : "; a local server always runs with " + key + " = '" + fixed + "'"));
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " is not above zero");
        }
    }
}
