package dev.pulse.storepostgres;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How to reach the database.
 *
 * @param jdbcUrl with user and password
 * @param schema where Pulse keeps its tables; made when missing
 * @param controlConnections for heartbeats, leases and leadership, so that they never wait behind work
 * @param dataConnections for submits, claims and reports
 * @param queryConnections for lists and counts
 * @param queryTimeout longest list or count
 * @param connectTimeout how long a start, or a call, waits for a connection
 * @param allowUnsafeDurability start although the cluster does not flush commits: then P1 does not hold
 */
public record PgConfig(
        String jdbcUrl,
        String schema,
        int controlConnections,
        int dataConnections,
        int queryConnections,
        Duration queryTimeout,
        Duration connectTimeout,
        boolean allowUnsafeDurability) {
    private static final Pattern PASSWORD = Pattern.compile("([?&]password=)[^&]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    public PgConfig {
        require(SCHEMA.matcher(schema).matches(), "schema: [a-z_][a-z0-9_]*, at most 63 characters, got " + schema);
        require(controlConnections >= 2, "controlConnections: at least 2, one beats while the other leads");
        require(dataConnections >= 2, "dataConnections: at least 2, a claim and a report at once");
        require(queryConnections >= 1, "queryConnections: at least 1");
        require(controlConnections + dataConnections + queryConnections <= 500, "at most 500 connections in all");
        require(queryTimeout.isPositive(), "queryTimeout: above 0");
        require(connectTimeout.toMillis() >= 250, "connectTimeout: at least 250ms");
    }

    public static PgConfig defaults(String jdbcUrl) {
        return new PgConfig(jdbcUrl, "pulse", 3, 8, 4, Duration.ofSeconds(30), Duration.ofSeconds(5), false);
    }

    public PgConfig withSchema(String name) {
        return new PgConfig(
                jdbcUrl,
                name,
                controlConnections,
                dataConnections,
                queryConnections,
                queryTimeout,
                connectTimeout,
                allowUnsafeDurability);
    }

    PgConfig withConnections(int control, int data, int query) {
        return new PgConfig(jdbcUrl, schema, control, data, query, queryTimeout, connectTimeout, allowUnsafeDurability);
    }

    /** Shows no password: configurations end up in logs. */
    @Override
    public String toString() {
        return "PgConfig[" + PASSWORD.matcher(jdbcUrl).replaceAll("$1***") + ", schema=" + schema + ", connections="
                + controlConnections + "+" + dataConnections + "+" + queryConnections + ", queryTimeout=" + queryTimeout
                + ", connectTimeout=" + connectTimeout + ", allowUnsafeDurability=" + allowUnsafeDurability + "]";
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
