package dev.pulse.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the store is.
 *
 * @param clock what its machine's clock says
 * @param unsafe the settings, by name, that make acknowledged jobs lossy; empty where commits are flushed
 * @param transactionAge how many transactions ago the oldest row was frozen; PostgreSQL stops at 2.1 billion
 * @param idleSlots replication slots that nobody reads and that keep the log of changes on disk
 * @param holder what has held back vacuum the longest; null where nothing does
 * @param tables how large they are, by name
 * @param deadLettersLookedAt the newest dead letters that were looked through for the next two
 * @param unreadable those whose payload no worker could read
 * @param unhandled those that reached a worker without a handler
 */
public record Vitals(
        Instant clock,
        List<String> unsafe,
        long transactionAge,
        long idleSlots,
        @Nullable Holder holder,
        List<Table> tables,
        long deadLettersLookedAt,
        long unreadable,
        long unhandled) {
    public Vitals {
        unsafe = List.copyOf(unsafe);
        tables = List.copyOf(tables);
    }

    /**
     * Something that keeps vacuum from removing dead rows.
     *
     * @param kind {@code transaction}, {@code replication slot} or {@code prepared transaction}
     * @param pid the server process, or null
     * @param name the application, slot or prepared transaction
     * @param state such as {@code idle in transaction}
     * @param since how long it has done so; null where that is not known
     * @param transactions how many transactions have begun meanwhile
     */
    public record Holder(
            String kind,
            @Nullable Integer pid,
            String name,
            String state,
            @Nullable Duration since,
            long transactions) {}

    /**
     * One table, its days summed up.
     *
     * @param bytes with its indexes
     * @param live rows, roughly
     * @param dead rows that vacuum has not removed yet, roughly
     */
    public record Table(String name, long bytes, long live, long dead) {}
}
