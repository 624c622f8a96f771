package dev.pulse.storepostgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.pulse.store.PoolState;
import dev.pulse.store.Vitals;
import dev.pulse.store.VitalsStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How PostgreSQL is, asked on the query pool with a short time-out of its own, and how the pools are. */
final class PgVitalsStore implements VitalsStore {
    /** Longest of these statements: whoever asks how things are must not wait for long when they are bad. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Dead letters that are looked through. */
    private static final long DEAD_LOOKED_AT = 200;

    private final Database queries;
    private final List<HikariDataSource> pools;

    /**
     * @param queries whose reads end after {@link #TIMEOUT}
     * @param pools in the order in which they are told
     */
    PgVitalsStore(Database queries, List<HikariDataSource> pools) {
        this.queries = queries;
        this.pools = List.copyOf(pools);
    }

    @Override
    public Vitals read() {
        return queries.read(calls -> {
            List<Vitals.Table> tables = calls.sql(Statement.VITALS_TABLES)
                    .set("schema", queries.schema())
                    .list(row -> new Vitals.Table(
                            row.getString("name"), row.getLong("bytes"), row.getLong("live"), row.getLong("dead")));
            long[] dead = Objects.requireNonNull(calls.sql(Statement.DEAD_UNREADABLE)
                    .set("bound", DEAD_LOOKED_AT)
                    .first(row ->
                            new long[] {row.getLong("looked"), row.getLong("unreadable"), row.getLong("unhandled")}));
            return Objects.requireNonNull(calls.sql(Statement.VITALS)
                    .first(row -> new Vitals(
                            Objects.requireNonNull(Sql.instant(row, "now")),
                            unsafe(row),
                            row.getLong("xid_age"),
                            row.getLong("slots_inactive"),
                            holder(row),
                            tables,
                            dead[0],
                            dead[1],
                            dead[2])));
        });
    }

    private static List<String> unsafe(ResultSet row) throws SQLException {
        List<String> off = new ArrayList<>();
        for (String name : DatabaseCheck.DURABILITY) {
            if (row.getString(name).equals("off")) {
                off.add(name);
            }
        }
        return off;
    }

    private static Vitals.@Nullable Holder holder(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        if (kind == null) {
            return null;
        }
        Long held = row.getObject("held_ms", Long.class);
        return new Vitals.Holder(
                kind,
                row.getObject("pid", Integer.class),
                Objects.requireNonNullElse(row.getString("name"), "unknown"),
                Objects.requireNonNullElse(row.getString("state"), "unknown"),
                held == null ? null : Duration.ofMillis(held),
                row.getLong("xids"));
    }

    @Override
    public List<PoolState> pools() {
        return pools.stream().map(PgVitalsStore::state).toList();
    }

    private static PoolState state(HikariDataSource pool) {
        String name = pool.getPoolName().replaceFirst("^pulse-", "");
        HikariPoolMXBean now = pool.getHikariPoolMXBean();
        return new PoolState(
                name,
                now.getActiveConnections(),
                now.getIdleConnections(),
                now.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize());
    }
}
