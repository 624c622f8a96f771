package dev.pulse.embedded;

import dev.pulse.engine.CallerTransactions;
import dev.pulse.engine.CommitConfig;
import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineConfig;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EmbeddedSettings;
import dev.pulse.sdk.Embedder;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.storepostgres.PgStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Puts the engine on the application's PostgreSQL: its own small pools, the same tables and agents as a server's. The
 * composition root of this module. Found by the class path.
 */
public final class PgEmbedder implements Embedder {
    /** One beats, one leads and sweeps, one asks what became of transactions. */
    private static final int CONTROL_CONNECTIONS = 3;

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** For the service loader. */
    public PgEmbedder() {}

    @Override
    public Connection embed(DataSource database, EmbeddedSettings settings) {
        PgStores stores = PgStores.open(config(settings), database, settings.ownConnections(), settings.migrate());
        try {
            RandomGenerator random = new SecureRandom();
            Engine engine = Engine.start(
                    EngineConfig.DEFAULT,
                    stores.stores(),
                    stores.hints(),
                    new Engine.EngineRuntime(
                            new IdSource(InstantSource.system(), random).next(),
                            settings.name(),
                            version(),
                            InstantSource.system(),
                            System::nanoTime,
                            random),
                    new CallerTransactions(stores.transactions()::fates, CommitConfig.DEFAULT));
            EngineConnection connection =
                    new EngineConnection(engine, settings.name(), Limits.DEFAULT, Turns.ownThreads());
            return new EmbeddedConnection(connection, engine, stores, random);
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    private static PgConfig config(EmbeddedSettings settings) {
        try {
            return new PgConfig(
                    "",
                    settings.schema(),
                    CONTROL_CONNECTIONS,
                    settings.dataConnections(),
                    settings.queryConnections(),
                    QUERY_TIMEOUT,
                    CONNECT_TIMEOUT,
                    settings.allowUnsafeDurability());
        } catch (IllegalArgumentException e) {
            throw new PulseException(ErrorCode.CONFIGURATION, String.valueOf(e.getMessage()), e);
        }
    }

    private static String version() {
        String version = PgEmbedder.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
