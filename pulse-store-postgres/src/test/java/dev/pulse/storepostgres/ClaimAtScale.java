package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Outcome;
import dev.pulse.store.Claim;
import dev.pulse.store.JobStore;
import dev.pulse.store.Report;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What a claim of 20 jobs touches (engine.md, E8, E9, E11): at a backlog of a thousand, a hundred thousand and a million
 * jobs of fifty types, where the worker serves one; and after a million jobs went through while another session held a
 * snapshot, with the moving bound and without. Figures, not a test: run by {@code ./dev bench claim}.
 */
class ClaimAtScale {
    private static final UUID SESSION = UUID.fromString("00000000-0000-7000-8000-0000000000aa");
    private static final int GRANTED = 20;

    @Test
    void claimAtEachBacklog() throws SQLException {
        for (int backlog : new int[] {1_000, 100_000, 1_000_000}) {
            try (PgFixture store = new PgFixture();
                    Connection connection = store.connect()) {
                prepare(connection);
                fill(connection, backlog, 50);
                PgFixture.run(connection, "vacuum analyze pulse.turn, pulse.job");
                print("backlog " + backlog, explain(connection, 0));
            }
        }
    }

    @Test
    void claimAfterAMillionUnderAPinnedSnapshot() throws SQLException {
        try (PgFixture store = new PgFixture();
                Connection connection = store.connect();
                Connection holder = store.connect()) {
            prepare(connection);
            fill(connection, 1_000_000, 1);
            holder.setAutoCommit(false);
            holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            PgFixture.run(holder, "select count(*) from pulse.lane"); // the snapshot is taken here, and kept
            long bound = drain(store, 1_000_000);
            fill(connection, 1_000, 1);
            print("after a million, snapshot held, with the bound", explain(connection, bound));
            print("after a million, snapshot held, without it", explain(connection, 0));
        }
    }

    /** Claims and completes; returns the highest place claimed. */
    private static long drain(PgFixture store, int jobs) {
        JobStore jobStore = store.stores().jobs();
        List<UUID> slots = Collections.nCopies(1_000, SESSION);
        long bound = 0;
        for (int done = 0; done < jobs; ) {
            List<Assignment> granted = jobStore.claim(new Claim(List.of(new Claim.LaneStart(1, 0, bound)), slots));
            if (granted.isEmpty()) {
                break;
            }
            jobStore.end(
                    granted.stream()
                            .map(job -> new Report(job.facts().id(), job.token(), new Outcome.Ack(null)))
                            .toList(),
                    store.decider());
            done += granted.size();
            bound = granted.getLast().token().seq();
        }
        return bound;
    }

    private static void prepare(Connection connection) throws SQLException {
        PgFixture.run(connection, """
                alter table pulse.turn disable trigger all;
                insert into pulse.session (id, worker, types, queues, slots, lease_ttl, started_at, heartbeat_at)
                values ('%s', 'w', '{type-1}', '{}', 100, '1 hour', pulse.now(), pulse.now());
                insert into pulse.lane (queue, type, priority) select 'default', 'type-' || i, 0 from generate_series(1, 50) i;
                """.formatted(SESSION));
    }

    private static void fill(Connection connection, int jobs, int types) throws SQLException {
        PgFixture.run(connection, """
                create temp table made on commit drop as
                select (i %% %d) + 1 as lane, nextval('pulse.turn_seq') as seq,
                       (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
                        || '7000' || '8000' || lpad(to_hex(i), 12, '0'))::uuid as id
                  from generate_series(1, %d) i;
                insert into pulse.job (id, lane, seq, type, queue, priority, payload, max_attempts, content_hash, created_at)
                select id, lane, seq, 'type-' || lane, 'default', 0, '{}', 20, id, pulse.now() from made;
                insert into pulse.turn (lane, seq, job_id, since) select lane, seq, id, pulse.now() from made order by seq;
                """.formatted(types, jobs));
    }

    private static List<Explained> explain(Connection connection, long bound) throws SQLException {
        return Explained.onExecutions(
                connection,
                Statement.JOB_CLAIM,
                Map.of(
                        "lanes",
                        "array[1]",
                        "priorities",
                        "array[0]",
                        "seqs",
                        "array[" + bound + "]::bigint[]",
                        "sessions",
                        "array['" + SESSION + "']::uuid[]",
                        "slots",
                        "array_fill('" + SESSION + "'::uuid, array[" + GRANTED + "])",
                        "limit",
                        Integer.toString(GRANTED),
                        "switches",
                        "0"));
    }

    private static void print(String what, List<Explained> plans) {
        for (int i = 0; i < plans.size(); i++) {
            assertThat(plans.get(i).text()).as("all are granted").contains("actual rows=" + GRANTED + ".00");
            System.out.printf(
                    Locale.ROOT,
                    "%-48s execution %2d: %6d buffers, %8.2f ms%n",
                    what,
                    1 + 5 * i,
                    plans.get(i).buffers(),
                    plans.get(i).millis());
        }
    }
}
