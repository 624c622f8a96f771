package dev.pulse.sdk;

import dev.pulse.model.Event;
import java.time.Duration;
import java.util.List;

/** Events as they commit. One thread polls; any may close. */
public interface LiveEvents extends AutoCloseable {
    /**
     * The next events; waits for the first one.
     *
     * @return empty when the time is over
     * @throws dev.pulse.model.PulseException LIMIT_REACHED where this reader was too slow and is cut off; every failure ends
     *     it, and another one may begin behind the last event seen
     */
    List<Event> poll(Duration timeout) throws InterruptedException;

    /** Whether events were dropped, because their time was over, before those polled last. Asking forgets it. */
    boolean takeGap();

    @Override
    void close();
}
