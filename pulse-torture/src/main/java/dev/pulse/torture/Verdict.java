package dev.pulse.torture;

import dev.pulse.model.Attempt;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Holds the journal of what ran against the history of what was granted: no job lost, no run
 * without a submit, no attempt run twice, and every extra run after an attempt that ended for a recorded cause.
 */
final class Verdict {
    private final List<String> faults = new ArrayList<>();
    private final Map<OutcomeKind, Integer> causes = new EnumMap<>(OutcomeKind.class);
    private final Map<JobStatus, Integer> statuses = new EnumMap<>(JobStatus.class);
    private int runs;
    private int extraRuns;

    Verdict(Collection<Job> jobs, List<Journal.Run> journal) {
        Map<UUID, Set<Integer>> ran = new HashMap<>();
        Set<UUID> known = new HashSet<>();
        jobs.forEach(job -> known.add(job.facts().id()));
        for (Journal.Run run : journal) {
            runs++;
            if (!known.contains(run.job())) {
                faults.add("job " + run.job() + " ran and was never submitted");
            }
            if (!ran.computeIfAbsent(run.job(), id -> new HashSet<>()).add(run.attempt())) {
                faults.add("job " + run.job() + " ran twice as attempt " + run.attempt());
            }
        }
        for (Job job : jobs) {
            judge(job, ran.getOrDefault(job.facts().id(), Set.of()));
        }
    }

    private void judge(Job job, Set<Integer> ran) {
        UUID id = job.facts().id();
        statuses.merge(job.status(), 1, Integer::sum);
        if (!job.status().isFinal()) {
            faults.add("job " + id + " is not final: " + job.status().wireName());
        }
        if (job.status() == JobStatus.COMPLETED && ran.isEmpty()) {
            faults.add("job " + id + " completed and never ran");
        }
        extraRuns += Math.max(0, ran.size() - 1);
        Set<Integer> granted = new HashSet<>();
        for (int i = 0; i < job.attempts().size(); i++) {
            Attempt attempt = job.attempts().get(i);
            granted.add(attempt.number());
            if (attempt.outcome() == null) {
                faults.add("job " + id + ": attempt " + attempt.number() + " has no end");
            } else if (i < job.attempts().size() - 1) {
                explain(id, attempt, attempt.outcome());
            }
        }
        for (int number : ran) {
            if (!granted.contains(number)) {
                faults.add("job " + id + " ran as attempt " + number + ", which was never granted");
            }
        }
    }

    private void explain(UUID id, Attempt attempt, OutcomeKind outcome) {
        causes.merge(outcome, 1, Integer::sum);
        if (outcome == OutcomeKind.ACK || outcome == OutcomeKind.DROP) {
            faults.add("job " + id + " went on after attempt " + attempt.number() + " completed it");
        }
    }

    boolean isGood() {
        return faults.isEmpty();
    }

    Map<JobStatus, Integer> statuses() {
        return statuses;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("runs " + runs + ", extra runs " + extraRuns
                + ", jobs by final status " + statuses + ", attempts that did not end their job, by cause " + causes
                + ", unexplained or lost: " + faults.size());
        faults.stream().limit(20).forEach(fault -> text.append("\n  FAULT ").append(fault));
        return text.toString();
    }
}
