package dev.pulse.engine;

import dev.pulse.model.JobStatus;
import dev.pulse.store.Inserted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stop 4 of the path: what was just stored is told to the claimers, or to the promoter's timer. Any thread. */
final class Arrivals {
    private final LaneSignals signals;
    private final DueTimer timer;

    Arrivals(LaneSignals signals, DueTimer timer) {
        this.signals = signals;
        this.timer = timer;
    }

    /** What was not stored is left out. */
    void follow(List<? extends Inserted> answers) {
        Map<Integer, Long> lowest = new HashMap<>();
        for (Inserted answer : answers) {
            if (answer instanceof Inserted.Stored stored) {
                if (stored.status() == JobStatus.PENDING) {
                    lowest.merge(stored.lane(), stored.seq(), Math::min);
                } else if (stored.dueIn() != null) {
                    timer.dueIn(stored.dueIn());
                }
            }
        }
        signals.ready(lowest);
    }
}
