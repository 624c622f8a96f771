package dev.pulse.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the database itself counted: committed transactions, rows written, bytes of write-ahead log. */
record DatabaseCounters(long transactions, long rowsWritten, long walBytes) {
    /** Read after the backends' own counts have been flushed, which takes them up to a second. */
    static DatabaseCounters read(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select xact_commit, tup_inserted + tup_updated + tup_deleted,
                               pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint
                          from pg_stat_database where datname = current_database()""")) {
            row.next();
            return new DatabaseCounters(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    DatabaseCounters minus(DatabaseCounters before) {
        return new DatabaseCounters(
                transactions - before.transactions, rowsWritten - before.rowsWritten, walBytes - before.walBytes);
    }

    String per(long jobs) {
        return String.format(
                java.util.Locale.ROOT,
                "%.3f transactions, %.2f rows written, %d bytes of WAL per job",
                (double) transactions / jobs,
                (double) rowsWritten / jobs,
                walBytes / jobs);
    }
}
