package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class SharedPostgresTest {
    @Test
    void everyFreshDatabaseIsEmptyAndItsOwn() {
        String one = SharedPostgres.freshDatabase();
        String other = SharedPostgres.freshDatabase();

        Sql.run(one, "create table only_here ()");

        String count = "select count(*) from pg_tables where tablename = 'only_here'";
        assertThat(Sql.get(one, count)).isEqualTo("1");
        assertThat(Sql.get(other, count)).isEqualTo("0");
    }

    @Test
    void aFreshDatabaseCanCopyATemplate() {
        String template = SharedPostgres.freshDatabase();
        Sql.run(template, "create table seed as select 'grown' as state");

        String copy = SharedPostgres.freshDatabase(nameOf(template));

        assertThat(Sql.get(copy, "select state from seed")).isEqualTo("grown");
    }

    private static String nameOf(String url) {
        return URI.create(url.substring("jdbc:".length())).getPath().substring(1);
    }
}
