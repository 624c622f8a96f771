package dev.pulse.store;

import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.JobFilter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An act on many jobs, as it is asked for.
 *
 * @param id of the operation
 * @param rate most jobs a second, or null
 */
public record BulkOrder(
        UUID id,
        BulkAction action,
        JobFilter filter,
        @Nullable Integer rate,
        Caller by) {}
