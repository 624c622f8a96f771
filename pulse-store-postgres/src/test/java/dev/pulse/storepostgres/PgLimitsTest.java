package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LimitChange;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.store.Claim;
import dev.pulse.store.JobFixture;
import dev.pulse.store.LimitedClaim;
import dev.pulse.store.LimitedGrant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL can get wrong about pauses and limits. */
class PgLimitsTest {
    private static final Caller ADA = Caller.internal("ada");
    private static final Scope EMAIL = Scope.type("email");

    private final PgFixture store = new PgFixture();
    private final JobFixture fixture = new JobFixture(store);

    @AfterEach
    void close() {
        store.close();
    }

    /** Whatever is mended in one of the two has to be mended in the other. */
    @Test
    void theLimitedClaimIsThePlainOneButForItsCandidates() {
        String plain = withoutCandidates(Statement.JOB_CLAIM.text("pulse"), "candidate as materialized (");
        String limited = withoutCandidates(Statement.JOB_CLAIM_LIMITED.text("pulse"), "offered as materialized (");

        assertThat(limited).isEqualTo(plain);
    }

    private static String withoutCandidates(String text, String from) {
        int to = text.indexOf("), held as materialized (");
        return text.substring(0, text.indexOf(from)) + text.substring(to);
    }

    @Test
    void aClaimUnderALimitDoesNotWaitForOneThatStoppedInTheMiddle() throws SQLException {
        UUID waiting = fixture.job().type("email").submitted();
        store.stores().switches().limit(EMAIL, LimitChange.none().maxRunning(5), ADA);
        try (Connection stopped = store.connect()) {
            stopped.setAutoCommit(false);
            PgFixture.run(stopped, "select from pulse.switch for update");

            LimitedGrant none = claim();
            assertThat(none.granted()).isEmpty();
            assertThat(none.rooms().get(EMAIL)).isNotNull();
            assertThat(none.rooms().get(EMAIL).again()).isPositive();
            stopped.rollback();
        }
        assertThat(JobFixture.ids(claim().granted())).containsExactly(waiting);
    }

    @Test
    void whatHasEndedIsForgottenByTheNextCount() throws SQLException {
        store.stores().switches().limit(EMAIL, LimitChange.none().maxRunning(5), ADA);
        for (int i = 0; i < 3; i++) {
            fixture.job().type("email").submitted();
            claim().granted().forEach(job -> fixture.end(job, JobFixture.outcome(dev.pulse.model.OutcomeKind.ACK)));
        }
        claim();

        assertThat(count("pulse.limited")).isZero();
    }

    @Test
    void moreScopesThanAreReadEachSecondAreRefused() throws SQLException {
        try (Connection connection = store.connect()) {
            PgFixture.run(connection, """
                    insert into pulse.switch (kind, name, paused_at, paused_by, filled_at)
                    select 'queue', 'q' || i, pulse.now(), 'ada', pulse.now() from generate_series(1, 10000) i
                    """);
        }

        assertThatThrownBy(() -> store.stores().switches().pause(EMAIL, null, ADA))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        assertThat(store.stores()
                        .switches()
                        .pause(Scope.queue("q1"), "again", ADA)
                        .pause())
                .isNotNull();
        assertThat(store.stores().switches().resume(Scope.queue("q2"), ADA).isPaused())
                .isFalse();
        assertThat(store.stores().switches().pause(EMAIL, null, ADA).isPaused()).isTrue();
    }

    private LimitedGrant claim() {
        List<Claim.LaneStart> lanes = fixture.lanes("email");
        Map<Integer, Set<Scope>> limits =
                lanes.isEmpty() ? Map.of() : Map.of(lanes.getFirst().lane(), Set.of(EMAIL));
        return store.stores()
                .jobs()
                .claimLimited(new LimitedClaim(new Claim(lanes, List.of(fixture.session())), limits));
    }

    private long count(String table) throws SQLException {
        try (Connection connection = store.connect();
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
