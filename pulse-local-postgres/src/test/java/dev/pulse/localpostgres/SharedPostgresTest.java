package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SharedPostgresTest {
    @Test
    void everyFreshDatabaseIsEmptyAndItsOwn() throws SQLException {
        String one = SharedPostgres.freshDatabase();
        String other = SharedPostgres.freshDatabase();

        LocalPostgresTest.execute(one, "create table only_here ()");

        String count = "select count(*) from pg_tables where tablename = 'only_here'";
        assertThat(LocalPostgresTest.query(one, count)).isEqualTo("1");
        assertThat(LocalPostgresTest.query(other, count)).isEqualTo("0");
    }

    @Test
    void aFreshDatabaseCanCopyATemplate() throws SQLException {
        String template = SharedPostgres.freshDatabase();
        LocalPostgresTest.execute(template, "create table seed as select 'grown' as state");

        String copy = SharedPostgres.freshDatabase(nameOf(template));

        assertThat(LocalPostgresTest.query(copy, "select state from seed")).isEqualTo("grown");
    }

    private static String nameOf(String url) {
        return URI.create(url.substring("jdbc:".length())).getPath().substring(1);
    }
}
