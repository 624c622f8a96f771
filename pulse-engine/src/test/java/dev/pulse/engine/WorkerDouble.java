package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A worker's end of a stream: keeps what it is told. */
class WorkerDouble implements SessionListener {
    final List<Assignment> jobs = new ArrayList<>();
    final List<CancelRequest> cancels = new ArrayList<>();
    final List<String> ends = new ArrayList<>();
    int drains;
    /** The connection breaks at the next delivery. */
    boolean broken;

    @Override
    public synchronized void assigned(List<Assignment> some) {
        if (broken) {
            throw new IllegalStateException("the stream is closed");
        }
        jobs.addAll(some);
    }

    @Override
    public synchronized void cancel(List<CancelRequest> requests) {
        cancels.addAll(requests);
    }

    @Override
    public synchronized void drain() {
        drains++;
    }

    @Override
    public synchronized void ended(String reason) {
        ends.add(reason);
    }

    List<UUID> ids() {
        return jobs.stream().map(job -> job.facts().id()).toList();
    }

    Set<LeaseToken> tokens() {
        return jobs.stream().map(Assignment::token).collect(Collectors.toSet());
    }

    static Report report(Assignment job, Outcome outcome) {
        return new Report(job.facts().id(), job.token(), outcome);
    }

    static Report ack(Assignment job) {
        return report(job, new Outcome.Ack(null));
    }
}
