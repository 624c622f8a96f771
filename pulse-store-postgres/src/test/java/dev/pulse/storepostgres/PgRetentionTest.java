package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.store.Inserted;
import dev.pulse.store.Pruned;
import dev.pulse.store.RetentionContract;
import dev.pulse.store.StoreFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, and what is special about days: they go whole, and nothing is lost to the race with traffic. */
final class PgRetentionTest extends RetentionContract {
    private static final Duration DAY = Duration.ofDays(1);

    @Override
    protected StoreFixture fixture() {
        return PgFixture.alone();
    }

    private Connection connect() throws SQLException {
        return ((PgFixture) store).connect();
    }

    private boolean ask(String question) throws SQLException {
        try (Connection connection = connect();
                java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static LocalDate dayOf(UUID id) {
        return Days.today(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16));
    }

    private boolean dayExists(UUID id) throws SQLException {
        String day = Days.table("pulse", "job", dayOf(id));
        return ask("select to_regclass('" + day + "') is not null and to_regclass('" + day.replace("job", "attempt")
                + "') is not null");
    }

    @Test
    void aDayGoesWholeAndLeavesNothingBehind() throws SQLException {
        UUID done = fixture.job().key("k").completed().facts().id();
        assertThat(dayExists(done)).isTrue();
        later(DAY.multipliedBy(10));

        prune(WEEK);

        assertThat(dayExists(done)).isFalse();
        assertThat(ask("select not exists (select from pulse.job_fact) and not exists (select from pulse.attempt_all)"
                        + " and not exists (select from pulse.job_key) and not exists (select from pulse.count_delta)"))
                .isTrue();
    }

    @Test
    void aSubmissionWithAnIdOfADroppedDayIsStoredBesideTheDays() {
        UUID done = fixture.job().completed().facts().id();
        later(DAY.multipliedBy(10));
        prune(WEEK);

        UUID late = fixture.job()
                .id(new UUID(done.getMostSignificantBits(), 77))
                .type("l")
                .submitted();

        assertThat(fixture.status(late)).isEqualTo(JobStatus.PENDING);
        fixture.end(fixture.claimOne("l"), new Outcome.Ack(null));
        assertThat(fixture.status(late)).isEqualTo(JobStatus.COMPLETED);
        assertCountsAreARecount();
        later(DAY.multipliedBy(10));
        prune(WEEK);
        assertThat(jobs.find(late)).isEmpty();
    }

    @Test
    void anIdThatTellsAnotherTimeThanItsSubmissionLiesBesideTheDays() throws SQLException {
        UUID now = fixture.newId();
        long hours = Duration.ofHours(3).toMillis() << 16;
        for (long shift : new long[] {-hours, hours}) {
            UUID id = new UUID(now.getMostSignificantBits() + shift, now.getLeastSignificantBits());
            assertThat(fixture.job().id(id).submitted()).isEqualTo(id);
            assertThat(ask("select exists (select from pulse.job_other where id = '" + id + "')"))
                    .isTrue();
            assertThat(fixture.submit(fixture.job().id(id).type("other").submission()))
                    .isInstanceOf(Inserted.Refused.class);
        }
        assertThat(fixture.job().id(now).submitted()).isEqualTo(now);
        assertThat(ask("select exists (select from pulse.job where id = '" + now + "')"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aJobThatIsRequeuedWhileItsDayGoesIsNotLost(boolean committed) throws SQLException {
        UUID done = fixture.job().type("t").completed().facts().id();
        later(DAY.multipliedBy(10));
        try (Connection operator = connect()) {
            operator.setAutoCommit(false);
            // What requeue does: the facts are locked, then a turn is made.
            PgFixture.run(operator, "select * from pulse.job where id = '" + done + "' for update");
            PgFixture.run(operator, """
                    insert into pulse.turn (lane, seq, job_id, attempt, history, since, reseated)
                    select lane, nextval('pulse.turn_seq'), id, 1, 1, pulse.now(), true from pulse.job where id = '%s'
                    """.formatted(done));
            Pruned pruned = firstTrouble();
            assertThat(pruned.days()).isZero();
            assertThat(pruned.blocked()).isNotEmpty();
            if (committed) {
                operator.commit();
            } else {
                operator.rollback();
            }
        }

        prune(WEEK);

        if (committed) {
            assertThat(fixture.status(done)).isEqualTo(JobStatus.PENDING);
            Assignment again = fixture.claimOne("t");
            assertThat(again.facts().id()).isEqualTo(done);
            assertThat(again.attempt()).isEqualTo(2);
        } else {
            assertThat(jobs.find(done)).isEmpty();
        }
    }

    /** Days before it may go: the fixture's begin yesterday. */
    private Pruned firstTrouble() {
        Pruned pruned;
        do {
            pruned = history.prune(fixture.lead(), WEEK);
        } while (pruned.blocked().isEmpty() && pruned.more());
        return pruned;
    }

    @Test
    void aLongStatementPostponesTheDropAndTrafficFlows() throws SQLException {
        UUID done = fixture.job().completed().facts().id();
        later(DAY.multipliedBy(10));
        try (Connection reader = connect()) {
            reader.setAutoCommit(false);
            PgFixture.run(reader, "select count(*) from pulse.job");

            Pruned pruned = history.prune(fixture.lead(), WEEK);

            assertThat(pruned.days()).isZero();
            assertThat(pruned.blocked()).contains("long statement");
            fixture.job().type("t").submitted();
            fixture.end(fixture.claimOne("t"), new Outcome.Ack(null));
            reader.rollback();
        }
        prune(WEEK);
        assertThat(jobs.find(done)).isEmpty();
        assertCountsAreARecount();
    }

    @Test
    void movedFactsAndHistoryKeepEveryColumn() throws SQLException {
        List<String> lost = new ArrayList<>();
        String move = Statement.DAY_MOVE.text("pulse");
        String rest = Statement.DAY_REST.text("pulse");
        try (Connection connection = connect();
                java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select table_name, column_name from information_schema.columns where table_schema = 'pulse'"
                                + " and table_name in ('job', 'attempt')")) {
            while (row.next()) {
                String column = row.getString(2);
                if (move.split("\\b" + column + "\\b", -1).length - 1 < 3) {
                    lost.add(row.getString(1) + "." + column + " in day_move");
                }
                if (row.getString(1).equals("attempt") && rest.split("\\b" + column + "\\b", -1).length - 1 < 3) {
                    lost.add(column + " in day_rest");
                }
            }
        }
        assertThat(lost).isEmpty();
    }
}
