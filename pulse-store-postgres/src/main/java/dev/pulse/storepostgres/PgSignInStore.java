package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.store.SignInStore;
import dev.pulse.store.Tries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Failures to sign in, in PostgreSQL. Any thread. */
final class PgSignInStore implements SignInStore {
    private static final String ADDRESS = "address";
    private static final String ACCOUNT = "account";

    private final Database control;

    PgSignInStore(Database control) {
        this.control = control;
    }

    private record Failed(Tries tries, boolean tell) {}

    @Override
    public Failures failures(int address, int account) {
        return control.read(calls -> {
            Map<String, Tries> found = new HashMap<>();
            calls.sql(Statement.SIGN_IN_FAILURES)
                    .set("address", address)
                    .set("account", account)
                    .list(row -> found.put(row.getString("kind"), tries(row)) == null);
            return new Failures(found.getOrDefault(ADDRESS, Tries.NONE), found.getOrDefault(ACCOUNT, Tries.NONE));
        });
    }

    @Override
    public Failures fail(int address, int account, Caller who, Duration forgiven, Duration tellEvery) {
        return control.transact(calls -> {
            Failed named = fail(calls, ACCOUNT, account, forgiven, tellEvery);
            Failed from = fail(calls, ADDRESS, address, forgiven, tellEvery);
            if (from.tell) {
                AuditLog.note(
                        calls,
                        who,
                        "signin.refused",
                        "",
                        Map.of(),
                        Map.of("failures", String.valueOf(from.tries.failures())),
                        AuditEntry.REFUSED);
            }
            return new Failures(from.tries, named.tries);
        });
    }

    private static Failed fail(Database.Calls calls, String kind, int bucket, Duration forgiven, Duration tellEvery)
            throws SQLException {
        return calls.sql(Statement.SIGN_IN_FAIL)
                .set("kind", kind)
                .set("bucket", bucket)
                .set("forgiven_ms", forgiven.toMillis())
                .set("tell_ms", tellEvery.toMillis())
                .list(row -> new Failed(tries(row), row.getBoolean("tell")))
                .getFirst();
    }

    @Override
    public int forget(Duration age) {
        return control.transact(calls -> calls.sql(Statement.SIGN_IN_FORGET)
                .set("age_ms", age.toMillis())
                .update());
    }

    private static Tries tries(ResultSet row) throws SQLException {
        return new Tries(row.getLong("failures"), Duration.ofMillis(Math.max(0, row.getLong("ms"))));
    }
}
