package dev.pulse.storepostgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A plan as it was executed.
 *
 * @param buffers pages touched, cached or read
 * @param compared rows of intermediate sets that were looked at, and rows that a filter threw away; the square of the batch
 *     where a set is searched once for each row of another
 * @param millis execution time
 */
record Explained(String text, long buffers, long compared, double millis) {
    private static final Set<Integer> INTERESTING = Set.of(1, 6, 11);
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    private static final Pattern NODE = Pattern.compile("actual rows=([0-9.]+) loops=(\\d+)");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Join )?Filter: (\\d+)");
    private static final Pattern TIME = Pattern.compile("Execution Time: ([0-9.]+) ms");

    /** The plans of the first, the sixth and the eleventh execution, each rolled back. */
    static List<Explained> onExecutions(Connection connection, Statement statement, Map<String, String> values)
            throws SQLException {
        Matcher mark = Pattern.compile("\\?").matcher(statement.text("pulse"));
        int[] n = new int[1];
        PgFixture.run(connection, "prepare plan as " + mark.replaceAll(m -> "\\$" + ++n[0]));
        String call = statement.parameters().stream().map(values::get).collect(Collectors.joining(", "));
        call = call.isEmpty() ? "execute plan" : "execute plan(" + call + ")";
        List<Explained> plans = new ArrayList<>();
        connection.setAutoCommit(false);
        for (int execution = 1; execution <= 11; execution++) {
            if (INTERESTING.contains(execution)) {
                plans.add(explain(connection, call));
            } else {
                PgFixture.run(connection, call);
            }
            connection.rollback();
        }
        connection.setAutoCommit(true);
        PgFixture.run(connection, "deallocate plan");
        return plans;
    }

    private static Explained explain(Connection connection, String call) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("explain (analyze, buffers, timing off) " + call)) {
            while (row.next()) {
                text.append(row.getString(1)).append('\n');
            }
        }
        Matcher buffers = BUFFERS.matcher(text);
        long touched = !buffers.find()
                ? 0
                : Long.parseLong(buffers.group(1)) + (buffers.group(2) == null ? 0 : Long.parseLong(buffers.group(2)));
        Matcher time = TIME.matcher(text);
        return new Explained(
                text.toString(),
                touched,
                compared(text.toString()),
                time.find() ? Double.parseDouble(time.group(1)) : Double.NaN);
    }

    private static long compared(String plan) {
        long compared = 0;
        long loops = 1;
        for (String line : plan.split("\n", -1)) {
            Matcher node = NODE.matcher(line);
            Matcher removed = REMOVED.matcher(line);
            if (node.find()) {
                loops = Long.parseLong(node.group(2));
                compared += line.contains("CTE Scan") ? Math.round(Double.parseDouble(node.group(1)) * loops) : 0;
            } else if (removed.find()) {
                compared += Long.parseLong(removed.group(1)) * loops;
            }
        }
        return compared;
    }
}
