package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.store.SignInStore;
import dev.pulse.store.Tries;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Failures to sign in. Any thread. */
final class MemorySignInStore implements SignInStore {
    private final Tables tables;
    private final MemoryAuditStore audit;
    private final Map<Integer, Bucket> addresses = new HashMap<>();
    private final Map<Integer, Bucket> accounts = new HashMap<>();

    private record Bucket(long failures, Instant at, Instant toldAt, boolean tell) {}

    MemorySignInStore(Tables tables, MemoryAuditStore audit) {
        this.tables = tables;
        this.audit = audit;
    }

    @Override
    public Failures failures(int address, int account) {
        return tables.locked(() -> new Failures(tries(addresses.get(address)), tries(accounts.get(account))));
    }

    private Tries tries(@Nullable Bucket bucket) {
        return bucket == null ? Tries.NONE : new Tries(bucket.failures, Duration.between(bucket.at, tables.now()));
    }

    @Override
    public Failures fail(int address, int account, Caller who, Duration forgiven, Duration tellEvery) {
        return tables.locked(() -> {
            Bucket from = after(addresses.get(address), forgiven, tellEvery);
            addresses.put(address, from);
            accounts.put(account, after(accounts.get(account), forgiven, tellEvery));
            if (from.tell) {
                audit.note(
                        who,
                        "signin.refused",
                        "",
                        Map.of(),
                        Map.of("failures", String.valueOf(from.failures)),
                        AuditEntry.REFUSED);
            }
            return failures(address, account);
        });
    }

    private Bucket after(@Nullable Bucket before, Duration forgiven, Duration tellEvery) {
        Instant now = tables.now();
        if (before == null) {
            return new Bucket(1, now, now, true);
        }
        long left = before.failures - Duration.between(before.at, now).dividedBy(forgiven);
        boolean tell = !before.toldAt.isAfter(now.minus(tellEvery));
        return new Bucket(Math.max(0, left) + 1, now, tell ? now : before.toldAt, tell);
    }

    @Override
    public int forget(Duration age) {
        return tables.locked(() -> {
            int before = addresses.size() + accounts.size();
            Instant oldest = tables.now().minus(age);
            addresses.values().removeIf(bucket -> bucket.at.isBefore(oldest));
            accounts.values().removeIf(bucket -> bucket.at.isBefore(oldest));
            return before - addresses.size() - accounts.size();
        });
    }
}
