package dev.pulse.storememory;

import dev.pulse.model.AttemptError;
import dev.pulse.model.JobStatus;
import dev.pulse.store.PoolState;
import dev.pulse.store.Vitals;
import dev.pulse.store.VitalsStore;
import java.util.List;

/** How the tables are: there is no vacuum to hold back and nothing to wait for. Under the lock of {@link Tables}. */
final class MemoryVitalsStore implements VitalsStore {
    private static final int DEAD_LOOKED_AT = 200;

    private final Tables tables;

    MemoryVitalsStore(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Vitals read() {
        return tables.locked(() -> {
            List<String> errors = tables.jobs.descendingMap().values().stream()
                    .filter(job -> job.status == JobStatus.DEAD_LETTERED)
                    .limit(DEAD_LOOKED_AT)
                    .map(MemoryVitalsStore::errorType)
                    .toList();
            return new Vitals(
                    tables.now(),
                    List.of(),
                    0,
                    0,
                    null,
                    List.of(),
                    errors.size(),
                    errors.stream()
                            .filter(AttemptError.UNREADABLE_PAYLOAD::equals)
                            .count(),
                    errors.stream().filter(AttemptError.NO_HANDLER::equals).count());
        });
    }

    private static String errorType(StoredJob job) {
        AttemptError error = job.lastFailure();
        return error == null ? "" : error.type();
    }

    @Override
    public List<PoolState> pools() {
        return List.of();
    }
}
