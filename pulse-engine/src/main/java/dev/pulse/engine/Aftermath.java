package dev.pulse.engine;

import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.store.Ended;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * What follows from ended attempts, whoever ended them: released jobs are told to the claimers, waiting ones to the
 * promoter's timer, final ones to those who wait for them and to the folder of their
 * bundle, and room under a limit to our claimer. Any thread.
 */
final class Aftermath {
    private final LaneSignals signals;
    private final DueTimer timer;
    private final WaitRoom<Job> waiters;
    private final IntPredicate isLimitedLane;
    private final BundleFolder bundles;
    private final Counters counters;

    Aftermath(
            LaneSignals signals,
            DueTimer timer,
            WaitRoom<Job> waiters,
            IntPredicate isLimitedLane,
            BundleFolder bundles,
            Counters counters) {
        this.signals = signals;
        this.timer = timer;
        this.waiters = waiters;
        this.isLimitedLane = isLimitedLane;
        this.bundles = bundles;
        this.counters = counters;
    }

    void of(List<Ended> ended) {
        Map<Integer, Long> released = new HashMap<>();
        Set<Integer> freed = new HashSet<>();
        Set<UUID> touched = new HashSet<>();
        for (Ended one : ended) {
            JobStatus status = one.status();
            if (status == null) {
                continue;
            }
            counters.ended(status);
            if (isLimitedLane.test(one.token().lane())) {
                freed.add(one.token().lane());
            }
            if (status == JobStatus.PENDING) {
                // It went back to its old place, which may lie below the bound.
                released.merge(one.token().lane(), one.token().seq(), Math::min);
            } else if (one.delay() != null) {
                timer.dueIn(one.delay());
            } else if (status.isFinal()) {
                waiters.ended(one.jobId());
                if (one.bundle() != null) {
                    touched.add(one.bundle());
                }
            }
        }
        signals.ready(released);
        signals.freed(freed);
        bundles.touched(touched);
    }
}
