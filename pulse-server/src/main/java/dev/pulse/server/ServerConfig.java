package dev.pulse.server;

import dev.pulse.access.AccessConfig;
import dev.pulse.engine.EngineConfig;
import dev.pulse.model.Limits;
import dev.pulse.storepostgres.PgConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one server.
 *
 * @param database its address is empty until it is named: {@code pulse dev} brings its own
 * @param access who may sign in
 * @param drainLimit longest orderly stop, 1 s to 1 h
 * @param dataDirectory where {@code pulse dev} keeps its database, where one is set
 */
public record ServerConfig(
        PgConfig database,
        DoorConfig doors,
        Limits limits,
        EngineConfig engine,
        AccessConfig access,
        Duration drainLimit,
        @Nullable Path dataDirectory) {
    static final String NO_ADDRESS = "";

    private static final Duration MIN_DRAIN = Duration.ofSeconds(1);
    private static final Duration MAX_DRAIN = Duration.ofHours(1);

    public ServerConfig {
        if (drainLimit.compareTo(MIN_DRAIN) < 0 || drainLimit.compareTo(MAX_DRAIN) > 0) {
            throw new IllegalArgumentException(Setting.DRAIN_LIMIT.key() + ": 1s to 1h are allowed");
        }
    }

    /** What holds where nothing is set. */
    public static ServerConfig defaults() {
        return new ServerConfig(
                PgConfig.defaults(NO_ADDRESS),
                DoorConfig.DEFAULT,
                Limits.DEFAULT,
                EngineConfig.DEFAULT,
                AccessConfig.OPEN,
                Duration.ofSeconds(30),
                null);
    }

    /**
     * Reads flags over environment over {@code pulse.properties} over defaults.
     *
     * @param flags by {@link Setting#key()}; those that were given
     * @param file the properties file; one that does not exist is left out
     * @throws dev.pulse.model.PulseException CONFIGURATION, naming every fault
     */
    public static ServerConfig read(Map<String, String> flags, Map<String, String> environment, Path file) {
        return new ConfigReader(flags, environment, file).read();
    }

    /** Whether somebody has said which database to use. */
    public boolean hasDatabase() {
        return !database.jdbcUrl().isEmpty();
    }

    /** The same server on that database. */
    public ServerConfig withDatabase(String url) {
        PgConfig named = new PgConfig(
                DatabaseUrl.toJdbc(url),
                database.schema(),
                database.controlConnections(),
                database.dataConnections(),
                database.queryConnections(),
                database.queryTimeout(),
                database.connectTimeout(),
                database.allowUnsafeDurability());
        return new ServerConfig(named, doors, limits, engine, access, drainLimit, dataDirectory);
    }
}
