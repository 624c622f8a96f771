package dev.pulse.model;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the feed of events; as the id of an event, the place where it stands. Opaque to users but for its order.
 *
 * @param position of the transaction that committed the event, 0 or more
 * @param seq of the row within the feed, 0 or more
 * @param place of the event within the row, 0 or more
 */
public record EventCursor(long position, long seq, int place) implements Comparable<EventCursor> {
    /** Before every event. */
    public static final EventCursor START = new EventCursor(0, 0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(\\d{1,9})");
    private static final Comparator<EventCursor> ORDER = Comparator.comparingLong(EventCursor::position)
            .thenComparingLong(EventCursor::seq)
            .thenComparingInt(EventCursor::place);

    public EventCursor {
        if (position < 0 || seq < 0 || place < 0) {
            throw new IllegalArgumentException("not a cursor: " + position + "." + seq + "." + place);
        }
    }

    /** The cursor that {@link #toString} wrote; empty for any other text. */
    public static Optional<EventCursor> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new EventCursor(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** The place right behind this one. */
    public EventCursor next() {
        return new EventCursor(position, seq, place + 1);
    }

    @Override
    public int compareTo(EventCursor other) {
        return ORDER.compare(this, other);
    }

    /** As doors show it, for example {@code 7312.55.3}. */
    @Override
    public String toString() {
        return position + "." + seq + "." + place;
    }
}
