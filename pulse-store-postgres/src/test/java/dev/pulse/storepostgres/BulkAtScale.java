package dev.pulse.storepostgres;

import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.store.BulkCount;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What acts on many jobs cost among half a million dead letters. Figures, not a test. */
class BulkAtScale {
    private static final int DEAD = 500_000;
    private static final Caller ANN = new Caller("ann", "here");

    @Test
    void countAndActAmongManyDeadLetters() throws SQLException {
        try (PgFixture store = new PgFixture();
                Connection connection = store.connect()) {
            fill(connection);
            BulkStore bulk = store.stores().bulk();
            long start = System.nanoTime();
            long simple = bulk.count(dead("common", Map.of()), null, 5_000).matched();
            print("count by status and type", simple, start);

            start = System.nanoTime();
            long parts = 0;
            String cursor = null;
            for (int i = 0; i < 20; i++) {
                BulkCount part = bulk.count(dead(null, Map.of("a", "b")), cursor, 5_000);
                parts += part.matched();
                cursor = part.cursor();
            }
            print("count by tag, first 100,000 rows", parts, start);

            act(bulk, BulkAction.REQUEUE, dead("rare", Map.of()));
            act(bulk, BulkAction.REQUEUE, dead("tenth", Map.of()));
            act(bulk, BulkAction.DELETE, dead("other-tenth", Map.of()));
            act(bulk, BulkAction.CANCEL, dead("tenth", Map.of()).withStatus(JobStatus.PENDING));
        }
    }

    private static void act(BulkStore bulk, BulkAction action, JobFilter filter) {
        long start = System.nanoTime();
        UUID id = bulk.start(new BulkOrder(new UUID(start, action.ordinal()), action, filter, null, ANN))
                .id();
        int chunks = 0;
        long longest = 0;
        for (long chunk = System.nanoTime(); bulk.step(500, 2_000).isPresent(); chunk = System.nanoTime()) {
            chunks++;
            longest = Math.max(longest, System.nanoTime() - chunk);
        }
        long changed = bulk.find(id).orElseThrow().result().changed();
        print(
                action + " " + filter.toMap() + " in " + chunks + " chunks, longest " + longest / 1_000_000 + " ms",
                changed,
                start);
    }

    private static JobFilter dead(@Nullable String type, Map<String, String> tags) {
        return new JobFilter(JobStatus.DEAD_LETTERED, type, null, tags, null, null, null, null);
    }

    private static void print(String what, long n, long start) {
        long ms = Math.max(1, (System.nanoTime() - start) / 1_000_000);
        System.out.println(what + ": " + n + " in " + ms + " ms, " + n * 1_000 / ms + " a second");
    }

    private static void fill(Connection connection) throws SQLException {
        PgFixture.run(connection, """
                set session_replication_role = replica;
                insert into pulse.lane (queue, type, priority)
                select 'default', t, 0 from unnest(array['common', 'rare', 'tenth', 'other-tenth']) t;
                create temp table made as
                select i, case when i %% 10000 = 0 then 2 when i %% 10 = 1 then 3 when i %% 10 = 2 then 4 else 1 end as lane,
                       (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint - 1000000 + i), 12, '0')
                        || '7000' || '8000' || lpad(to_hex(i), 12, '0'))::uuid as id
                  from generate_series(1, %d) i;
                insert into pulse.job (id, lane, seq, type, queue, priority, payload, tags, max_attempts, content_hash, created_at)
                select m.id, m.lane, i, l.type, 'default', 0, '{}', case when i %% 100 = 0 then '{"a":"b"}'::jsonb end, 20, m.id,
                       pulse.now() - interval '1 hour'
                  from made m join pulse.lane l on l.number = m.lane;
                insert into pulse.dead (job_id, lane, attempt, charged, crashes, history, fingerprint, died_at)
                select id, lane, 1, 1, 0, 1, id, pulse.now() from made;
                insert into pulse.attempt (job_id, no, attempt, token, session, outcome, ended_as, started_at, ended_at, error_type)
                select id, 1, 1, id, id, 'fail', 'dead_lettered', pulse.now(), pulse.now(), 'Broken' from made;
                """.formatted(DEAD));
        PgFixture.run(connection, "vacuum analyze pulse.job, pulse.dead, pulse.attempt");
    }
}
