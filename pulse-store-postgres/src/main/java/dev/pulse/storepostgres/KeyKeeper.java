package dev.pulse.storepostgres;

import dev.pulse.model.JobKey;
import dev.pulse.model.Submission;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes idempotency keys inside the caller's transaction (P6). The unique index decides a race: the loser waits for the
 * winner's commit or rollback. A key is freed lazily: nothing is paid when a job ends, and whoever meets a holder that
 * finished or expired takes the row over, by compare-and-set on the holder.
 */
final class KeyKeeper {
    private static final int MAX_ROUNDS = 8;

    /** Who wants a key, and for what. */
    record Wish(
            String type,
            String key,
            UUID jobId,
            UUID contentHash,
            @Nullable Duration ttl) {
        static Wish of(Submission job) {
            JobKey key = Objects.requireNonNull(job.key());
            return new Wish(job.type(), key.value(), job.id(), job.contentHash(), key.ttl());
        }

        Scoped scoped() {
            return new Scoped(type, key);
        }
    }

    /** Who has it. */
    record Holder(UUID jobId, UUID contentHash) {}

    /** A key within its type. */
    private record Scoped(String type, String key) {}

    /** For each wish null where the key is the wisher's now, else its holder. The wishes name distinct keys. */
    List<@Nullable Holder> take(Database.Calls calls, List<Wish> wishes) throws SQLException {
        Map<Scoped, Holder> holders = new HashMap<>();
        List<Wish> open = wishes;
        for (int round = 0; !open.isEmpty(); round++) {
            if (round == MAX_ROUNDS) {
                throw new SQLException("keys change hands faster than they can be taken", "40001");
            }
            open = takeOnce(calls, open, holders);
        }
        List<@Nullable Holder> answers = new ArrayList<>();
        wishes.forEach(wish -> answers.add(holders.get(wish.scoped())));
        return answers;
    }

    /** Returns the wishes that have to try again because the holder changed while we looked. */
    private static List<Wish> takeOnce(Database.Calls calls, List<Wish> wishes, Map<Scoped, Holder> holders)
            throws SQLException {
        Set<Scoped> taken = bind(calls.sql(Statement.KEY_TAKE), wishes).set(KeyKeeper::scoped);
        List<Wish> met = without(wishes, taken);
        if (met.isEmpty()) {
            return List.of();
        }
        Map<Scoped, Holder> found = new HashMap<>();
        names(calls.sql(Statement.KEY_HOLDER), met)
                .list(row ->
                        found.put(scoped(row), new Holder(Sql.uuid(row, "job_id"), Sql.uuid(row, "content_hash"))));
        Set<Scoped> spent = names(calls.sql(Statement.KEY_SPENT), met).set(KeyKeeper::scoped);
        List<Wish> again = new ArrayList<>();
        List<Wish> takeovers = new ArrayList<>();
        for (Wish wish : met) {
            Holder holder = found.get(wish.scoped());
            if (holder == null) {
                again.add(wish);
            } else if (spent.contains(wish.scoped())) {
                takeovers.add(wish);
            } else if (!holder.jobId().equals(wish.jobId())) {
                holders.put(wish.scoped(), holder);
            } else if (!holder.contentHash().equals(wish.contentHash())) {
                holders.put(wish.scoped(), holder); // its own id, sent again with other content
            }
        }
        again.addAll(takeOver(calls, takeovers, found));
        return again;
    }

    private static List<Wish> takeOver(Database.Calls calls, List<Wish> wishes, Map<Scoped, Holder> found)
            throws SQLException {
        if (wishes.isEmpty()) {
            return List.of();
        }
        Set<Scoped> taken = bind(calls.sql(Statement.KEY_TAKEOVER), wishes)
                .setColumn(
                        "holders",
                        "uuid",
                        wishes,
                        wish -> Objects.requireNonNull(found.get(wish.scoped())).jobId())
                .set(KeyKeeper::scoped);
        return without(wishes, taken);
    }

    private static List<Wish> without(List<Wish> wishes, Set<Scoped> taken) {
        Set<Scoped> done = new HashSet<>(taken);
        return wishes.stream().filter(wish -> !done.contains(wish.scoped())).toList();
    }

    private static Sql bind(Sql sql, List<Wish> wishes) throws SQLException {
        return names(sql, wishes)
                .setColumn("job_ids", "uuid", wishes, Wish::jobId)
                .setColumn("content_hashes", "uuid", wishes, Wish::contentHash)
                .setColumn("ttls", "int8", wishes, wish -> JobColumns.millis(wish.ttl()));
    }

    private static Sql names(Sql sql, List<Wish> wishes) throws SQLException {
        return sql.setColumn("types", "text", wishes, Wish::type).setColumn("keys", "text", wishes, Wish::key);
    }

    private static Scoped scoped(ResultSet row) throws SQLException {
        return new Scoped(row.getString("type"), row.getString("key"));
    }
}
