package dev.pulse.storepostgres;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Maps rows to bundles. */
final class BundleRow {
    private BundleRow() {}

    static Bundle bundle(ResultSet row, List<Bundle.Callback> callbacks) throws SQLException {
        return new Bundle(
                Sql.uuid(row, "id"),
                row.getString("type"),
                row.getString("origin"),
                Sql.nullableUuid(row, "parent"),
                status(row.getString("status")),
                counts(row),
                callbacks,
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.instant(row, "finished_at"));
    }

    static BundleCounts counts(ResultSet row) throws SQLException {
        return new BundleCounts(
                row.getInt("total"), row.getInt("completed"), row.getInt("dead_lettered"), row.getInt("canceled"));
    }

    static BundleStatus status(String wireName) {
        return BundleStatus.valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
