package dev.pulse.torture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pulse's own statements in a transaction of somebody else's, who decides when it ends: as an application does that submits
 * in its business transaction and then takes its time.
 */
final class HeldTransaction {
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");

    private HeldTransaction() {}

    /** Stores jobs that wait for an hour. */
    static void insert(Connection connection, int lane, List<UUID> ids) throws SQLException, IOException {
        int n = ids.size();
        Map<String, Object> values = new HashMap<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            places.add(i);
        }
        values.put("places", connection.createArrayOf("int4", places.toArray()));
        values.put("ids", connection.createArrayOf("uuid", ids.toArray()));
        values.put(
                "lanes",
                connection.createArrayOf("int4", Collections.nCopies(n, lane).toArray()));
        byte[][] payloads = new byte[n][];
        java.util.Arrays.fill(payloads, "{}".getBytes(StandardCharsets.UTF_8));
        values.put("payloads", connection.createArrayOf("bytea", payloads));
        values.put(
                "max_attempts",
                connection.createArrayOf("int4", Collections.nCopies(n, 20).toArray()));
        values.put("content_hashes", connection.createArrayOf("uuid", ids.toArray()));
        values.put(
                "delays",
                connection.createArrayOf(
                        "int8", Collections.nCopies(n, 3_600_000L).toArray()));
        run(connection, "job_insert.sql", values);
    }

    /** Ends jobs that wait. */
    static void cancel(Connection connection, List<UUID> ids) throws SQLException, IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("ids", connection.createArrayOf("uuid", ids.toArray()));
        values.put("by", "torture");
        int canceled = run(connection, "job_cancel.sql", values);
        if (canceled != ids.size()) {
            throw new AssertionError("canceled " + canceled + " of " + ids.size());
        }
    }

    /** Runs the statement of that file; what it wants and is not given is null. Returns the rows that it answers. */
    private static int run(Connection connection, String file, Map<String, Object> values)
            throws SQLException, IOException {
        String source = read(file).replaceAll("--[^\n]*", "");
        List<String> names = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(source);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        try (PreparedStatement statement = connection.prepareStatement(matcher.replaceAll("?"))) {
            for (int i = 0; i < names.size(); i++) {
                bind(statement, i + 1, values.get(names.get(i)));
            }
            int rows = 0;
            for (var answer = statement.executeQuery(); answer.next(); ) {
                rows++;
            }
            return rows;
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.OTHER);
        } else if (value instanceof java.sql.Array array) {
            statement.setArray(index, array);
        } else {
            statement.setObject(index, value);
        }
    }

    private static String read(String file) throws IOException {
        String name = "/dev/pulse/storepostgres/sql/" + file;
        try (InputStream in = HeldTransaction.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
