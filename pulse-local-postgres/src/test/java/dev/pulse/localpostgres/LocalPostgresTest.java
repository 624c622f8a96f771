package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
    @TempDir
    Path folder;

    @Test
    void dataIsKeptBetweenStarts() throws SQLException {
        try (LocalPostgres first = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("a folder")))) {
            execute(first.jdbcUrl(), "create table kept as select 42 as answer");
        }
        try (LocalPostgres second = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("a folder")))) {
            assertThat(query(second.jdbcUrl(), "select answer from kept")).isEqualTo("42");
        }
    }

    static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
