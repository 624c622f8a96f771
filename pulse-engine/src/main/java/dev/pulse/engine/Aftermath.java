package dev.pulse.engine;

import dev.pulse.model.JobStatus;
import dev.pulse.store.Ended;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What follows from ended attempts, whoever ended them: released jobs are told to the claimers, waiting ones to the
 * promoter's timer, final ones to those who wait for them. Any thread.
 */
final class Aftermath {
    private final LaneSignals signals;
    private final DueTimer timer;
    private final WaitRoom waiters;

    Aftermath(LaneSignals signals, DueTimer timer, WaitRoom waiters) {
        this.signals = signals;
        this.timer = timer;
        this.waiters = waiters;
    }

    void of(List<Ended> ended) {
        Map<Integer, Long> released = new HashMap<>();
        for (Ended one : ended) {
            JobStatus status = one.status();
            if (status == null) {
                continue;
            }
            if (status == JobStatus.PENDING) {
                // It went back to its old place, which may lie below the bound.
                released.merge(one.token().lane(), one.token().seq(), Math::min);
            } else if (one.delay() != null) {
                timer.dueIn(one.delay());
            } else if (status.isFinal()) {
                waiters.ended(one.jobId());
            }
        }
        signals.ready(released);
    }
}
