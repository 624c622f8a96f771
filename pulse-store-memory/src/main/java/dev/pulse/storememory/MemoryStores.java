package dev.pulse.storememory;

import dev.pulse.store.Stores;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The ports over one set of tables in memory. Stands in for the database at every stop of the path that writes. Any
 * thread may call: one lock makes each call one unit of work. Keeps I2, I3, I4, I5, I7 and I9.
 */
public final class MemoryStores {
    private final Stores stores;

    /**
     * Empty tables.
     *
     * @param clock decides when jobs are due and leases lapse; cut to microseconds, as PostgreSQL does
     * @param random mints lease tokens
     */
    public MemoryStores(InstantSource clock, RandomGenerator random) {
        Tables tables = new Tables(clock);
        Leadership leadership = new Leadership(tables);
        MemoryAuditStore audit = new MemoryAuditStore(tables, leadership);
        MemoryJobStore jobs = new MemoryJobStore(tables, random, audit);
        stores = new Stores(
                jobs,
                new MemorySessionStore(tables, leadership),
                new MemoryServerStore(tables, leadership),
                new MemoryBundleStore(tables, jobs, audit),
                new MemorySwitchStore(tables, audit),
                new MemoryHistoryStore(tables, leadership),
                new MemoryEventStore(tables, leadership, audit, random),
                new MemoryBulkStore(tables, jobs, audit),
                audit,
                new MemoryNoteStore(tables),
                new MemoryScheduleStore(tables, leadership, audit),
                new MemoryVitalsStore(tables),
                new MemoryKeyStore(tables, audit),
                new MemorySignInStore(tables, audit));
    }

    public Stores stores() {
        return stores;
    }
}
