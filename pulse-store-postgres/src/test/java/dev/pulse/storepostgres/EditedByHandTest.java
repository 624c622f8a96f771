package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.JobFilter;
import dev.pulse.model.Labels;
import dev.pulse.model.Policy;
import dev.pulse.store.JobFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B113: rows that somebody changed in the database to what Pulse never writes. */
class EditedByHandTest {
    private final PgFixture fixture = new PgFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void edit(String sql) throws SQLException {
        try (Connection connection = fixture.connect()) {
            PgFixture.run(connection, sql);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backoff = 'now and then'", "max_attempts = 0"})
    void aPolicyThatCannotBeReadCountsAsTheDefaultAndHidesNoOtherJob(String broken) throws SQLException {
        JobFixture jobs = new JobFixture(fixture);
        UUID edited = jobs.job().type("broken").submitted();
        UUID sound = jobs.job().type("sound").submitted();
        edit("update pulse.job set " + broken + " where type = 'broken'");

        assertThat(fixture.stores().jobs().find(edited).orElseThrow().facts().policy())
                .isEqualTo(Policy.DEFAULT);
        assertThat(fixture.stores().jobs().list(JobFilter.ALL, 10, null).items())
                .extracting(job -> job.facts().id())
                .containsExactlyInAnyOrder(edited, sound);
    }

    @Test
    void labelsThatAreNoTextsAreLeftOutFromTheFirstOnOn() throws SQLException {
        UUID id = new JobFixture(fixture).job().type("labelled").submitted();
        edit(
                "update pulse.job set tags = '{\"a\": \"b\", \"c\": {\"d\": \"e\"}, \"f\": \"g\"}' where type = 'labelled'");

        Labels labels = fixture.stores().jobs().find(id).orElseThrow().facts().labels();

        assertThat(labels.tags()).isEqualTo(Map.of("a", "b"));
    }
}
