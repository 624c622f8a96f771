package dev.pulse.json;

import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the bodies of submissions, strictly. Stop 2 of the path; runs on the caller's thread. Thread-safe. */
public final class SubmissionReader {
    private static final Set<String> JOB = JobShapes.SUBMISSION.names();
    private static final Set<String> BATCH = JobShapes.BATCH.names();
    /** About 31,000 years: what lies beyond is no time at all, and the builder names the years that are allowed. */
    static final long MAX_EPOCH_MILLIS = 999_999_999_999_999L;

    private final Limits limits;
    private final IdSource ids;

    /** @param ids gives the ids that callers leave out */
    public SubmissionReader(Limits limits, IdSource ids) {
        this.limits = limits;
        this.ids = ids;
    }

    /**
     * Reads one job.
     *
     * @throws PulseException naming every fault
     */
    public Submission read(byte[] body) {
        Faults faults = new Faults();
        SubmissionBuilder builder = new SubmissionBuilder(limits);
        Envelope.read(body, JOB, faults, in -> fill(builder, in, faults));
        return build(builder, faults);
    }

    /**
     * Reads {@code {"jobs": [...], "atomic": true}}.
     *
     * @throws PulseException for a fault of the batch itself, and where it is atomic for the faults of its jobs
     */
    public BatchRequest readBatch(byte[] body) {
        Faults faults = new Faults();
        Batch batch = Envelope.read(body, BATCH, faults, this::readBatch);
        if (batch.entries.isEmpty() && !faults.named("jobs")) {
            faults.invalid("jobs", "1 to " + Limits.MAX_BATCH + " jobs are allowed, got none");
        }
        faults.raise();
        if (batch.atomic) {
            requireAllGood(batch.entries);
        }
        return new BatchRequest(batch.atomic, batch.entries);
    }

    private static final class Batch {
        private boolean atomic = true;
        private final List<BatchRequest.Entry> entries = new ArrayList<>();
    }

    private Batch readBatch(ObjectReader in) {
        Batch batch = new Batch();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "atomic" -> in.bool(value -> batch.atomic = value);
                case "jobs" -> in.each(Integer.MAX_VALUE, () -> batch.entries.add(readEntry(in, batch.entries.size())));
                default -> throw new AssertionError(field);
            }
        }
        return batch;
    }

    private BatchRequest.Entry readEntry(ObjectReader in, int index) {
        if (index == Limits.MAX_BATCH) {
            throw PulseException.of(
                    ErrorCode.TOO_MANY_ITEMS,
                    List.of(new Violation("jobs", "more than " + Limits.MAX_BATCH + " jobs in one call")));
        }
        try {
            return new BatchRequest.Good(readValue(in));
        } catch (PulseException e) {
            return new BatchRequest.Bad(e);
        }
    }

    /**
     * Reads the job that is the current value of another envelope.
     *
     * @throws PulseException naming every fault from the job's own root
     */
    Submission readValue(ObjectReader in) {
        Faults faults = new Faults();
        SubmissionBuilder builder = new SubmissionBuilder(limits);
        ObjectReader job = in.object(JOB, faults);
        if (job == null) {
            throw faults.refusal(faults.invalid(), ErrorCode.INVALID_FIELD);
        }
        return build(fill(builder, job, faults), faults);
    }

    private static void requireAllGood(List<BatchRequest.Entry> entries) {
        List<Violation> all = new ArrayList<>();
        ErrorCode code = ErrorCode.PAYLOAD_TOO_LARGE;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof BatchRequest.Bad(PulseException reason)) {
                String job = "jobs[" + i + "]";
                reason.violations()
                        .forEach(fault -> all.add(new Violation(
                                fault.field().isEmpty() ? job : job + "." + fault.field(), fault.message())));
                // What the caller can mend goes before what is merely too large.
                code = code == ErrorCode.PAYLOAD_TOO_LARGE ? reason.code() : code;
            }
        }
        if (!all.isEmpty()) {
            throw Faults.refusal(code, all);
        }
    }

    private static SubmissionBuilder fill(SubmissionBuilder builder, ObjectReader in, Faults faults) {
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "id" -> in.id(builder::id);
                case "type" -> in.text(builder::type);
                case "queue" -> in.text(builder::queue);
                case "payload" -> builder.payload(Payload.of(in.raw(), Payload.JSON));
                case "headers" -> in.texts(builder::headers);
                case "tags" -> in.texts(builder::tags);
                case "priority" -> in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE, builder::priority);
                case "run_at" -> in.instant(builder::runAt);
                case "scheduled_at" ->
                    in.wholeNumber(0, MAX_EPOCH_MILLIS, millis -> builder.runAt(Instant.ofEpochMilli(millis)));
                case "delay" -> in.duration(builder::delay);
                case "max_attempts" -> in.integer(Policy.MIN_ATTEMPTS, Policy.MAX_ATTEMPTS, builder::maxAttempts);
                case "max_retries" ->
                    in.integer(0, Policy.MAX_ATTEMPTS - 1, retries -> builder.maxAttempts(retries + 1));
                case "backoff" -> in.parsed(Backoff::parse, builder::backoff);
                case "timeout" -> in.duration(builder::timeout);
                case "key" -> in.text(builder::key);
                case "key_ttl" -> in.duration(builder::keyTtl);
                case "origin" -> in.text(builder::origin);
                default -> throw new AssertionError(field);
            }
        }
        if (in.saw("run_at") && in.saw("scheduled_at")) {
            faults.invalid("scheduled_at", "give run_at or scheduled_at, not both");
        }
        if (in.saw("max_attempts") && in.saw("max_retries")) {
            faults.invalid("max_retries", "give max_attempts or max_retries, not both");
        }
        return builder;
    }

    private Submission build(SubmissionBuilder builder, Faults faults) {
        faults.invalid().forEach(fault -> builder.violation(fault.field(), fault.message()));
        Submission submission;
        try {
            submission = builder.build(ids);
        } catch (PulseException e) {
            throw faults.refusal(e.violations(), e.code());
        }
        // Valid in all that is known: only unknown fields can still be at fault.
        faults.raise();
        return submission;
    }
}
