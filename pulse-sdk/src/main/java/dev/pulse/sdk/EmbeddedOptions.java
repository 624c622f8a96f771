package dev.pulse.sdk;

import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How {@link Pulse#embedded} works on the application's database; what is left out gets the default. Not thread-safe. */
public final class EmbeddedOptions {
    private static final int DATA_CONNECTIONS = 4;
    private static final int QUERY_CONNECTIONS = 2;

    private String schema = "pulse";
    private boolean migrate = true;
    private @Nullable DataSource ownConnections;
    private int dataConnections = DATA_CONNECTIONS;
    private int queryConnections = QUERY_CONNECTIONS;
    private boolean allowUnsafeDurability;
    private Consumer<PulseOptions> worker = options -> {};

    EmbeddedOptions() {}

    /** Where Pulse keeps its tables; by default {@code pulse}. Lower case letters, digits and underscores. */
    public EmbeddedOptions schema(String name) {
        schema = name;
        return this;
    }

    /**
     * Whether the start brings the schema to this version (the default), or only checks that somebody else has: for roles
     * that may not create tables, with {@code pulse migrate --print} for those who may.
     */
    public EmbeddedOptions migrate(boolean onStart) {
        migrate = onStart;
        return this;
    }

    /**
     * Where connections outside the application's pool come from: a data source that makes a new one each time, to the same
     * database. Needed only where Pulse cannot see through the pool that it was given, as it can through HikariCP.
     */
    public EmbeddedOptions ownConnections(DataSource unpooled) {
        ownConnections = unpooled;
        return this;
    }

    /** Connections for submits, claims and reports; at least 2, by default 4. */
    public EmbeddedOptions dataConnections(int count) {
        dataConnections = count;
        return this;
    }

    /** Connections for lists and counts; at least 1, by default 2. */
    public EmbeddedOptions queryConnections(int count) {
        queryConnections = count;
        return this;
    }

    /** Starts although the cluster does not flush commits: then acknowledged jobs may get lost. For tests. */
    public EmbeddedOptions allowUnsafeDurability(boolean allowed) {
        allowUnsafeDurability = allowed;
        return this;
    }

    /** How handlers are run. */
    public EmbeddedOptions worker(Consumer<PulseOptions> options) {
        worker = worker.andThen(options);
        return this;
    }

    Consumer<PulseOptions> worker() {
        return worker;
    }

    EmbeddedSettings settings(String name) {
        return new EmbeddedSettings(
                name, schema, migrate, ownConnections, dataConnections, queryConnections, allowUnsafeDurability);
    }
}
