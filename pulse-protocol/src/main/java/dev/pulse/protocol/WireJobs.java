package dev.pulse.protocol;

import dev.pulse.model.Attempt;
import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Ids;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobKey;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Limits;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.When;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Jobs between wire and model. Stop 2 of the path on the way in: what is not a job is refused here, with every fault
 * named. Pure; keeps I11 by carrying payload bytes as they are.
 */
public final class WireJobs {
    private static final String DEFAULT_BACKOFF = Backoff.DEFAULT.format();

    private WireJobs() {}

    /**
     * Reads one job as it is asked for.
     *
     * @param ids gives the id where the sender left it out
     * @throws PulseException naming every fault
     */
    public static Submission submission(Wire.Submission message, Limits limits, IdSource ids) {
        SubmissionBuilder builder = new SubmissionBuilder(limits)
                .queue(message.hasQueue() ? message.getQueue() : Submission.DEFAULT_QUEUE)
                .priority(message.getPriority())
                .headers(message.getHeadersMap())
                .tags(message.getTagsMap());
        if (message.hasId()) {
            Ids.parse(message.getId())
                    .ifPresentOrElse(builder::id, () -> builder.violation("id", WireValues.idFault(message.getId())));
        }
        if (!message.getType().isEmpty()) {
            builder.type(message.getType());
        }
        if (message.hasPayload()) {
            builder.payload(WireValues.payload(message.getPayload()));
        }
        if (message.hasMaxAttempts()) {
            builder.maxAttempts(message.getMaxAttempts());
        }
        if (message.hasBackoff()) {
            readBackoff(message.getBackoff(), builder);
        }
        if (message.hasKey()) {
            builder.key(message.getKey());
        }
        if (message.hasOrigin()) {
            builder.origin(message.getOrigin());
        }
        readTimes(message, builder);
        return builder.build(ids);
    }

    private static void readBackoff(String text, SubmissionBuilder builder) {
        try {
            builder.backoff(backoff(text));
        } catch (IllegalArgumentException e) {
            builder.violation("backoff", String.valueOf(e.getMessage()));
        }
    }

    private static void readTimes(Wire.Submission message, SubmissionBuilder builder) {
        if (message.hasRunAt()) {
            reading(builder, () -> builder.runAt(WireValues.instant("run_at", message.getRunAt())));
        }
        if (message.hasDelay()) {
            readDuration("delay", message.getDelay(), builder, builder::delay);
        }
        if (message.hasTimeout()) {
            readDuration("timeout", message.getTimeout(), builder, builder::timeout);
        }
        if (message.hasKeyTtl()) {
            readDuration("key_ttl", message.getKeyTtl(), builder, builder::keyTtl);
        }
    }

    private static void readDuration(
            String field, com.google.protobuf.Duration message, SubmissionBuilder builder, Consumer<Duration> setter) {
        reading(builder, () -> setter.accept(WireValues.duration(field, message)));
    }

    private static void reading(SubmissionBuilder builder, Runnable step) {
        try {
            step.run();
        } catch (PulseException e) {
            e.violations().forEach(fault -> builder.violation(fault.field(), fault.message()));
        }
    }

    /**
     * Reads a batch of which each is stored or none.
     *
     * @throws PulseException naming every fault of every job, as {@code jobs[7].priority}
     */
    public static List<Submission> submissions(List<Wire.Submission> messages, Limits limits, IdSource ids) {
        checkBatchSize(messages.size());
        List<Submission> batch = new ArrayList<>(messages.size());
        Faults faults = new Faults();
        for (int i = 0; i < messages.size(); i++) {
            Wire.Submission message = messages.get(i);
            Submission submission = faults.read("jobs[" + i + "].", () -> submission(message, limits, ids));
            if (submission != null) {
                batch.add(submission);
            }
        }
        faults.throwIfAny();
        return batch;
    }

    /**
     * Refuses an empty batch and one beyond {@link Limits#MAX_BATCH}.
     *
     * @throws PulseException naming {@code jobs}
     */
    public static void checkBatchSize(int size) {
        if (size == 0) {
            throw PulseException.invalid("jobs", "1 to " + Limits.MAX_BATCH + " jobs are allowed, got none");
        }
        if (size > Limits.MAX_BATCH) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, "jobs: " + size + ", at most " + Limits.MAX_BATCH + " in one call");
        }
    }

    /** The message for a submission; a default that the server gives anyway is left out. */
    public static Wire.Submission submission(Submission job) {
        Wire.Submission.Builder message = Wire.Submission.newBuilder()
                .setId(job.id().toString())
                .setType(job.type())
                .setPriority(job.priority())
                .setPayload(WireValues.payload(job.payload()))
                .putAllHeaders(job.labels().headers())
                .putAllTags(job.labels().tags());
        if (!job.queue().equals(Submission.DEFAULT_QUEUE)) {
            message.setQueue(job.queue());
        }
        switch (job.when()) {
            case When.Now() -> {}
            case When.At(Instant at) -> message.setRunAt(WireValues.timestamp(at));
            case When.After(Duration delay) -> message.setDelay(WireValues.duration(delay));
        }
        Policy policy = job.policy();
        if (policy.maxAttempts() != Policy.DEFAULT.maxAttempts()) {
            message.setMaxAttempts(policy.maxAttempts());
        }
        if (!policy.backoff().equals(Backoff.DEFAULT)) {
            message.setBackoff(policy.backoff().format());
        }
        if (policy.timeout() != null) {
            message.setTimeout(WireValues.duration(policy.timeout()));
        }
        if (job.key() != null) {
            writeKey(job.key(), message);
        }
        if (job.labels().origin() != null) {
            message.setOrigin(job.labels().origin());
        }
        return message.build();
    }

    private static void writeKey(JobKey key, Wire.Submission.Builder message) {
        message.setKey(key.value());
        if (key.ttl() != null) {
            message.setKeyTtl(WireValues.duration(key.ttl()));
        }
    }

    public static Wire.Job job(Job job) {
        Wire.Job.Builder message =
                facts(job.facts()).setStatus(WireEnums.status(job.status())).setAttempt(job.attempt());
        if (job.runAt() != null) {
            message.setRunAt(WireValues.timestamp(job.runAt()));
        }
        if (job.startedAt() != null) {
            message.setStartedAt(WireValues.timestamp(job.startedAt()));
        }
        if (job.finishedAt() != null) {
            message.setFinishedAt(WireValues.timestamp(job.finishedAt()));
        }
        if (job.error() != null) {
            message.setError(WireValues.error(job.error()));
        }
        if (job.result() != null) {
            message.setResult(WireValues.payload(job.result()));
        }
        job.attempts().forEach(attempt -> message.addAttempts(attempt(attempt)));
        return message.build();
    }

    static Wire.Job.Builder facts(JobFacts facts) {
        Backoff backoff = facts.policy().backoff();
        Wire.Job.Builder message = Wire.Job.newBuilder()
                .setId(facts.id().toString())
                .setType(facts.type())
                .setQueue(facts.queue())
                .setPriority(facts.priority())
                .setPayload(WireValues.payload(facts.payload()))
                .putAllHeaders(facts.labels().headers())
                .putAllTags(facts.labels().tags())
                .setMaxAttempts(facts.policy().maxAttempts())
                .setBackoff(backoff.equals(Backoff.DEFAULT) ? DEFAULT_BACKOFF : backoff.format())
                .setCreatedAt(WireValues.timestamp(facts.createdAt()));
        if (facts.policy().timeout() != null) {
            message.setTimeout(WireValues.duration(facts.policy().timeout()));
        }
        if (facts.labels().origin() != null) {
            message.setOrigin(facts.labels().origin());
        }
        if (facts.key() != null) {
            message.setKey(facts.key());
        }
        if (facts.bundleId() != null) {
            message.setBundleId(facts.bundleId().toString());
        }
        if (facts.scheduleId() != null) {
            message.setScheduleId(facts.scheduleId().toString());
        }
        occurrence(facts).ifPresent(occurrence -> message.setOccurrence(WireValues.timestamp(occurrence)));
        return message;
    }

    /** It travels as a header, which a job of long ago may have had for something else. */
    private static Optional<Instant> occurrence(JobFacts facts) {
        String text = facts.occurrence();
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Wire.Attempt attempt(Attempt attempt) {
        Wire.Attempt.Builder message = Wire.Attempt.newBuilder().setNumber(attempt.number());
        if (attempt.worker() != null) {
            message.setWorker(attempt.worker());
        }
        if (attempt.startedAt() != null) {
            message.setStartedAt(WireValues.timestamp(attempt.startedAt()));
        }
        if (attempt.endedAt() != null) {
            message.setEndedAt(WireValues.timestamp(attempt.endedAt()));
        }
        if (attempt.outcome() != null) {
            message.setOutcome(WireEnums.outcome(attempt.outcome()));
        }
        if (attempt.error() != null) {
            message.setError(WireValues.error(attempt.error()));
        }
        return message.build();
    }

    public static Job job(Wire.Job message) {
        JobStatus status = WireEnums.status("status", message.getStatus());
        if (status == null) {
            throw PulseException.invalid("status", "is missing");
        }
        return new Job(
                facts(message),
                status,
                message.getAttempt(),
                message.hasRunAt() ? WireValues.instant("run_at", message.getRunAt()) : null,
                message.hasStartedAt() ? WireValues.instant("started_at", message.getStartedAt()) : null,
                message.hasFinishedAt() ? WireValues.instant("finished_at", message.getFinishedAt()) : null,
                message.hasError() ? WireValues.error(message.getError()) : null,
                message.hasResult() ? WireValues.payload(message.getResult()) : null,
                message.getAttemptsList().stream().map(WireJobs::attempt).toList());
    }

    static JobFacts facts(Wire.Job message) {
        Policy policy = new Policy(
                message.getMaxAttempts(),
                backoff(message.getBackoff()),
                message.hasTimeout() ? WireValues.duration("timeout", message.getTimeout()) : null);
        return new JobFacts(
                WireValues.id("id", message.getId()),
                message.getType(),
                message.getQueue(),
                message.getPriority(),
                WireValues.payload(message.getPayload()),
                new Labels(
                        message.getHeadersMap(),
                        message.getTagsMap(),
                        message.hasOrigin() ? message.getOrigin() : null),
                policy,
                message.hasKey() ? message.getKey() : null,
                WireValues.instant("created_at", message.getCreatedAt()),
                message.hasBundleId() ? WireValues.id("bundle_id", message.getBundleId()) : null);
    }

    private static Attempt attempt(Wire.Attempt message) {
        return new Attempt(
                message.getNumber(),
                message.hasWorker() ? message.getWorker() : null,
                message.hasStartedAt() ? WireValues.instant("started_at", message.getStartedAt()) : null,
                message.hasEndedAt() ? WireValues.instant("ended_at", message.getEndedAt()) : null,
                WireEnums.outcome("outcome", message.getOutcome()),
                message.hasError() ? WireValues.error(message.getError()) : null);
    }

    public static Wire.JobFilter filter(JobFilter filter) {
        Wire.JobFilter.Builder message = Wire.JobFilter.newBuilder().putAllTags(filter.tags());
        if (filter.status() != null) {
            message.setStatus(WireEnums.status(filter.status()));
        }
        if (filter.type() != null) {
            message.setType(filter.type());
        }
        if (filter.queue() != null) {
            message.setQueue(filter.queue());
        }
        if (filter.origin() != null) {
            message.setOrigin(filter.origin());
        }
        if (filter.text() != null) {
            message.setText(filter.text());
        }
        if (filter.since() != null) {
            message.setSince(WireValues.timestamp(filter.since()));
        }
        if (filter.until() != null) {
            message.setUntil(WireValues.timestamp(filter.until()));
        }
        if (filter.bundleId() != null) {
            message.setBundleId(filter.bundleId().toString());
        }
        if (filter.scheduleId() != null) {
            message.setScheduleId(filter.scheduleId().toString());
        }
        return message.build();
    }

    /**
     * Reads a filter.
     *
     * @throws PulseException naming every fault
     */
    public static JobFilter filter(Wire.JobFilter message) {
        Faults faults = new Faults();
        JobStatus status = faults.read("", () -> WireEnums.status("status", message.getStatus()));
        Instant since =
                message.hasSince() ? faults.read("", () -> WireValues.instant("since", message.getSince())) : null;
        Instant until =
                message.hasUntil() ? faults.read("", () -> WireValues.instant("until", message.getUntil())) : null;
        UUID bundle =
                message.hasBundleId() ? faults.read("", () -> WireValues.id("bundle_id", message.getBundleId())) : null;
        UUID schedule = message.hasScheduleId()
                ? faults.read("", () -> WireValues.id("schedule_id", message.getScheduleId()))
                : null;
        checkName("type", message.hasType(), message.getType(), faults);
        checkName("queue", message.hasQueue(), message.getQueue(), faults);
        faults.throwIfAny();
        return new JobFilter(
                status,
                message.hasType() ? message.getType() : null,
                message.hasQueue() ? message.getQueue() : null,
                message.getTagsMap(),
                message.hasOrigin() ? message.getOrigin() : null,
                message.hasText() ? message.getText() : null,
                since,
                until,
                bundle,
                schedule);
    }

    private static void checkName(String field, boolean given, String name, Faults faults) {
        if (given && !Limits.NAME.matcher(name).matches()) {
            faults.add(field, "not a name: \"" + WireValues.cut(name) + "\"");
        }
    }

    private static Backoff backoff(String text) {
        return text.equals(DEFAULT_BACKOFF) ? Backoff.DEFAULT : Backoff.parse(text);
    }
}
