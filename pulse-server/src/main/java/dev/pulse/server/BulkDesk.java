package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Bulk;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Acts on many jobs: all of one queue of the caller's, where it may not use every one. May block. */
final class BulkDesk {
    /** As many as there are: few operations are kept. */
    private static final int MOST_LOOKED_AT = 1_000;

    private final Bulk bulk;
    private final Access access;

    BulkDesk(Bulk bulk, Access access) {
        this.bulk = bulk;
        this.access = access;
    }

    BulkResult count(JobFilter filter, boolean all) {
        return bulk.count(QueueRights.narrowed(access, filter), all);
    }

    BulkOperation start(BulkAction action, JobFilter filter, boolean all, @Nullable Integer rate) {
        return bulk.start(action, QueueRights.narrowed(access, filter), all, rate, access.caller());
    }

    /** The operation once it has ended, or as it stands when the time is over. */
    BulkOperation await(UUID id, Duration wait) {
        requireMine(id);
        return bulk.await(id, wait).orElseThrow(() -> notFound(id));
    }

    List<BulkOperation> list(int limit) {
        return access.queues().isAll()
                ? bulk.list(limit)
                : bulk.list(MOST_LOOKED_AT).stream()
                        .filter(this::isMine)
                        .limit(limit)
                        .toList();
    }

    BulkOperation stop(UUID id) {
        requireMine(id);
        return bulk.stop(id, access.caller()).orElseThrow(() -> notFound(id));
    }

    private void requireMine(UUID id) {
        if (!access.queues().isAll()
                && bulk.await(id, Duration.ZERO).filter(this::isMine).isEmpty()) {
            throw notFound(id);
        }
    }

    private boolean isMine(BulkOperation operation) {
        String queue = operation.filter().queue();
        return queue != null && access.sees(queue);
    }

    private static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.OPERATION_NOT_FOUND, "no operation has the id " + id);
    }
}
