package dev.pulse.store;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where something stands in a list that is sorted by its creation, the newest first; ties by the bytes of the id. */
public record Place(Instant createdAt, UUID id) implements Comparable<Place> {
    /** Before everything: the years of the contract end earlier. */
    private static final Instant BEYOND_ALL = Instant.parse("+10000-01-01T00:00:00Z");

    private static final Place FIRST = new Place(BEYOND_ALL, new UUID(-1L, -1L));

    private static final Comparator<Place> NEWEST_FIRST = Comparator.comparing(Place::createdAt)
            .thenComparing(place -> place.id().getMostSignificantBits(), Long::compareUnsigned)
            .thenComparing(place -> place.id().getLeastSignificantBits(), Long::compareUnsigned)
            .reversed();

    /**
     * The place that a cursor tells; behind it the next page begins.
     *
     * @param cursor as {@link #cursor} gave it; null for the first page
     * @throws PulseException INVALID_QUERY for any other text
     */
    public static Place parse(@Nullable String cursor) {
        if (cursor == null) {
            return FIRST;
        }
        String[] parts = cursor.split("/", 2);
        try {
            if (parts.length == 2) {
                return new Place(Instant.parse(parts[0]), UUID.fromString(parts[1]));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw foreign(e);
        }
        throw foreign(null);
    }

    /** The same for a list that is sorted by an instant which nothing in it shares. */
    public static Instant parseInstant(@Nullable String cursor) {
        try {
            return cursor == null ? BEYOND_ALL : Instant.parse(cursor);
        } catch (DateTimeException e) {
            throw foreign(e);
        }
    }

    private static PulseException foreign(@Nullable Throwable cause) {
        return new PulseException(
                ErrorCode.INVALID_QUERY,
                "cursor: not one that a page of this list gave; start again without a cursor",
                cause);
    }

    /** Opaque to callers. */
    public String cursor() {
        return createdAt + "/" + id;
    }

    @Override
    public int compareTo(Place other) {
        return NEWEST_FIRST.compare(this, other);
    }
}
