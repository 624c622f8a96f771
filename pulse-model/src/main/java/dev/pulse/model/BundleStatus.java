package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a bundle stands; decided once (I10). The order is the order of the database enum and of every printed table. */
public enum BundleStatus {
    /** At least one member is not final. */
    OPEN,
    /** Every member completed. */
    COMPLETED,
    /** Every member is final, and at least one is dead-lettered. */
    FAILED,
    /** Every member is final, none is dead-lettered, and at least one was canceled; or none is left. */
    CANCELED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** What these members make of their bundle. */
    public static BundleStatus of(BundleCounts counts) {
        if (counts.unfinished() > 0) {
            return OPEN;
        }
        if (counts.deadLettered() > 0) {
            return FAILED;
        }
        return counts.canceled() > 0 || counts.total() == 0 ? CANCELED : COMPLETED;
    }

    /**
     * What a bundle becomes.
     *
     * <p>A finished bundle keeps its status while members are deleted from it: how it ended is a fact. Only a member that
     * left its final status changes it, also when that member is final again before anybody looked.
     *
     * @param counts the members now
     * @param reopened whether a member left its final status since the last decision
     */
    public BundleStatus next(BundleCounts counts, boolean reopened) {
        BundleStatus now = of(counts);
        return isFinal() && now.isFinal() && !reopened ? this : now;
    }

    /** The name in JSON, SQL, the CLI and the dashboard. */
    public String wireName() {
        return wireName;
    }

    /** The status of that wire name, or empty. */
    public static Optional<BundleStatus> fromWire(String name) {
        for (BundleStatus status : values()) {
            if (status.wireName.equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    public boolean isFinal() {
        return this != OPEN;
    }

    /** As what a bundle with this status counts in the bundle that it is a member of; null while it is not final. */
    public @Nullable JobStatus asMember() {
        return switch (this) {
            case OPEN -> null;
            case COMPLETED -> JobStatus.COMPLETED;
            case FAILED -> JobStatus.DEAD_LETTERED;
            case CANCELED -> JobStatus.CANCELED;
        };
    }
}
