package dev.pulse.json;

import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import dev.pulse.schedules.ScheduleDraft;
import dev.pulse.schedules.Timetable;
import dev.pulse.schedules.TimingDraft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the bodies about schedules, as strictly as those of jobs. Runs on the caller's thread. Thread-safe. */
public final class ScheduleReader {
    private static final int DEFAULT_COUNT = 10;
    private static final Set<String> TIMING = ScheduleShapes.TIMING.names();
    private static final Set<String> PREVIEW = ScheduleShapes.PREVIEW_REQUEST.names();
    private static final Set<String> SCHEDULE = ScheduleShapes.REQUEST.names();
    private static final Set<String> EDIT = ScheduleShapes.EDIT.names();

    /** What a job has and a schedule has not, and why. */
    private static final Map<String, String> OF_JOBS_ONLY = Map.of(
            "id", "is given by the server; give the schedule a name, and ask for it by that",
            "key", "the jobs of a schedule have none: there is one job for each occurrence anyway",
            "key_ttl", "the jobs of a schedule have no key",
            "run_at", "jobs start at their occurrence; for one occurrence alone give at",
            "delay", "jobs start at their occurrence; for one occurrence alone give after");

    private final Limits limits;
    private final IdSource ids;

    /** @param ids gives the ids of templates, which nobody sees */
    public ScheduleReader(Limits limits, IdSource ids) {
        this.limits = limits;
        this.ids = ids;
    }

    /**
     * Reads a schedule: the fields of a job but for id, key and times, and the timing.
     *
     * @throws PulseException naming every fault; whether the rule can ever fire is not looked at
     */
    public ScheduleSpec read(byte[] body) {
        Fields fields = new Fields();
        Faults faults = fields.faults;
        Envelope.read(body, SCHEDULE, OF_JOBS_ONLY, faults, in -> {
            fields.read(in);
            return in;
        });
        return fields.schedule(null);
    }

    /** Reads {@code {"version", ...}} with any of the fields of {@link #read}; null takes one away. */
    public ScheduleEdit edit(byte[] body) {
        Fields fields = new Fields();
        Envelope.read(body, EDIT, OF_JOBS_ONLY, fields.faults, in -> {
            fields.read(in);
            if (!in.saw("version")) {
                fields.faults.required("version");
            }
            return in;
        });
        return new ScheduleEdit(fields.version, fields::schedule);
    }

    /**
     * Reads a timing with {@code "from"} and {@code "count"}.
     *
     * @throws PulseException naming every fault
     */
    public static PreviewRequest preview(byte[] body) {
        Faults faults = new Faults();
        TimingDraft draft = new TimingDraft();
        Instant[] from = new Instant[1];
        int[] count = {DEFAULT_COUNT};
        Envelope.read(body, PREVIEW, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "from" -> in.instant(value -> from[0] = value);
                    case "count" -> in.integer(1, Timetable.MAX_PREVIEW, value -> count[0] = value);
                    default -> timing(field, in, change -> change.accept(draft));
                }
            }
            return in;
        });
        faults.invalid().forEach(fault -> draft.violation(fault.field(), fault.message()));
        Timing timing;
        try {
            timing = draft.build();
        } catch (PulseException e) {
            throw faults.refusal(e.violations(), e.code());
        }
        faults.raise();
        return new PreviewRequest(timing, from[0], count[0]);
    }

    private static void timing(String field, ObjectReader in, Consumer<Consumer<TimingDraft>> to) {
        switch (field) {
            case "at" -> in.instant(value -> to.accept(draft -> draft.at(value)));
            case "after" -> in.duration(value -> to.accept(draft -> draft.after(value)));
            case "every" -> in.duration(value -> to.accept(draft -> draft.every(value)));
            case "cron" -> in.text(value -> to.accept(draft -> draft.cron(value)));
            case "fixed_delay" -> in.bool(value -> to.accept(draft -> draft.fixedDelay(value)));
            case "time_zone" -> in.text(value -> to.accept(draft -> draft.zone(value)));
            case "start" -> in.instant(value -> to.accept(draft -> draft.start(value)));
            case "end" -> in.instant(value -> to.accept(draft -> draft.end(value)));
            case "jitter" -> in.duration(value -> to.accept(draft -> draft.jitter(value)));
            // Bounded by the draft, which tells how many there are.
            case "excluded_days" -> in.list(Integer.MAX_VALUE, days -> to.accept(draft -> draft.excluded(days)));
            default -> throw new AssertionError(field);
        }
    }

    /** One body, kept until it is known what it changes. */
    private final class Fields {
        private final Faults faults = new Faults();
        private final List<Consumer<ScheduleDraft>> beside = new ArrayList<>();
        private final List<Consumer<SubmissionBuilder>> ofTheJob = new ArrayList<>();
        private final Set<String> without = new HashSet<>();
        private byte @Nullable [] payload;
        private @Nullable String contentType;
        private @Nullable Long version;

        void read(ObjectReader in) {
            for (String field = in.next(); field != null; field = in.next()) {
                if (field.equals("version")) {
                    in.wholeNumber(1, Long.MAX_VALUE, value -> version = value);
                } else {
                    value(field, in);
                }
            }
        }

        private void value(String field, ObjectReader in) {
            // A payload of null is a payload.
            if (in.isNull() && !field.equals("payload")) {
                without.add(field);
            } else if (TIMING.contains(field)) {
                timing(field, in, change -> beside.add(draft -> change.accept(draft.timing())));
            } else {
                switch (field) {
                    case "name" -> in.text(value -> beside.add(draft -> draft.name(value)));
                    case "misfire" -> in.text(value -> beside.add(draft -> draft.misfire(value)));
                    case "misfire_limit" ->
                        in.integer(
                                Integer.MIN_VALUE,
                                Integer.MAX_VALUE,
                                value -> beside.add(draft -> draft.misfireLimit(value)));
                    case "misfire_rate" -> in.decimal(value -> beside.add(draft -> draft.misfireRate(value)));
                    case "overlap" -> in.text(value -> beside.add(draft -> draft.overlap(value)));
                    default -> ofTheJob(field, in);
                }
            }
        }

        private void ofTheJob(String field, ObjectReader in) {
            switch (field) {
                case "type" -> in.text(value -> ofTheJob.add(job -> job.type(value)));
                case "payload" -> payload = in.raw();
                case "content_type" -> in.text(value -> contentType = value);
                case "headers" -> in.texts(value -> ofTheJob.add(job -> job.headers(value)));
                case "tags" -> in.texts(value -> ofTheJob.add(job -> job.tags(value)));
                case "origin" -> in.text(value -> ofTheJob.add(job -> job.origin(value)));
                case "queue" -> in.text(value -> ofTheJob.add(job -> job.queue(value)));
                case "priority" ->
                    in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> ofTheJob.add(job -> job.priority(value)));
                case "max_attempts" ->
                    in.integer(
                            Policy.MIN_ATTEMPTS,
                            Policy.MAX_ATTEMPTS,
                            value -> ofTheJob.add(job -> job.maxAttempts(value)));
                case "backoff" -> in.parsed(Backoff::parse, value -> ofTheJob.add(job -> job.backoff(value)));
                case "timeout" -> in.duration(value -> ofTheJob.add(job -> job.timeout(value)));
                default -> throw new AssertionError(field);
            }
        }

        /** What the body says of a schedule that is there, or of none. */
        ScheduleSpec schedule(@Nullable ScheduleSpec before) {
            ScheduleDraft draft = before == null ? new ScheduleDraft() : new ScheduleDraft(before, without);
            SubmissionBuilder job = new SubmissionBuilder(limits);
            if (before != null) {
                job.like(before.job(), without);
            }
            beside.forEach(change -> change.accept(draft));
            ofTheJob.forEach(change -> change.accept(job));
            payload(before, job);
            List<Violation> unread = before == null ? nulls() : List.of();
            unread.forEach(fault -> job.violation(fault.field(), fault.message()));
            faults.invalid().forEach(fault -> {
                if (TIMING.contains(fault.field())) {
                    draft.timing().violation(fault.field(), fault.message());
                } else {
                    job.violation(fault.field(), fault.message());
                }
            });
            draft.violations().forEach(fault -> job.violation(fault.field(), fault.message()));
            Submission template;
            try {
                template = job.build(ids);
            } catch (PulseException e) {
                throw faults.refusal(e.violations(), e.code());
            }
            // Valid in all that is known: only unknown fields can still be at fault.
            faults.raise();
            return draft.build(template);
        }

        private List<Violation> nulls() {
            return without.stream()
                    .sorted()
                    .map(field -> new Violation(field, "is null; leave the field out instead"))
                    .toList();
        }

        /** What comes over this door is JSON, under whatever name; a name alone is given to the bytes that are there. */
        private void payload(@Nullable ScheduleSpec before, SubmissionBuilder job) {
            String type = contentType == null ? Payload.JSON : contentType;
            if (payload != null) {
                job.payload(Payload.of(payload, type));
            } else if (contentType != null || without.contains("content_type")) {
                byte[] bytes = before == null
                        ? Payload.EMPTY.bytes()
                        : before.job().payload().bytes();
                job.payload(Payload.of(bytes, type));
                if (type.equals(Payload.JSON)) {
                    JsonText.fault(bytes).ifPresent(fault -> job.violation("content_type", "the payload " + fault));
                }
            }
        }
    }
}
