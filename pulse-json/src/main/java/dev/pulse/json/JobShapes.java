package dev.pulse.json;

import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.LogLevel;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Policy;
import dev.pulse.model.WaitReason;
import java.util.List;
import java.util.Set;

/**
 * The shapes of jobs, as the readers take them and {@link JobJson} writes them. What a reader knows is what its shape names.
 */
public final class JobShapes {
    public static final Schema ID = Schema.text().with("format", "uuid");
    public static final Schema NAME = Schema.text().with("pattern", "^[A-Za-z0-9._:-]{1," + Limits.MAX_NAME + "}$");
    public static final Schema INSTANT =
            Schema.text().with("format", "date-time").says("RFC 3339, with offset");
    public static final Schema DURATION =
            Schema.text().with("maxLength", 64).says("such as 250ms, 90s, 5m, 1h30m, 2d or PT5M");
    public static final Schema LIMIT =
            Schema.whole(ListQuery.MIN_LIMIT, ListQuery.MAX_LIMIT).with("default", ListQuery.DEFAULT_LIMIT);
    public static final Schema CURSOR = Schema.text().says("the next_cursor of the page before");
    public static final Schema STATUS =
            Schema.oneOf(JobStatus.values(), JobStatus::wireName).named("JobStatus");
    static final Schema ERROR = Schema.object()
            .has("type", Schema.text())
            .has("message", Schema.text())
            .has("stack", Schema.text().orNull())
            .named("AttemptError");
    static final Schema LABELS = Schema.map(Schema.text().with("maxLength", Limits.MAX_LABEL_VALUE))
            .with("maxProperties", Limits.MAX_LABELS);
    static final Schema PRIORITY =
            Schema.whole(Integer.MIN_VALUE, Integer.MAX_VALUE).says("higher goes first");
    static final Schema ATTEMPTS = Schema.whole(Policy.MIN_ATTEMPTS, Policy.MAX_ATTEMPTS);
    static final Schema BACKOFF =
            Schema.text().says("such as quadratic 1s cap 1h jitter 0.1, fixed 5s, exponential 1s x 2 cap 10m");

    /** What is sent to make a job. */
    public static final Schema SUBMISSION = Schema.object()
            .may("id", ID.says("the caller's own; sent again with the same content it is the same job"))
            .has("type", NAME)
            .may("queue", NAME.says("default where it is left out"))
            .may("payload", Schema.ANY.says("any JSON value, kept byte for byte; {} where it is left out"))
            .may("headers", LABELS)
            .may("tags", LABELS)
            .may("priority", PRIORITY)
            .may("run_at", INSTANT.says("RFC 3339, with offset; the past is now"))
            .may(
                    "scheduled_at",
                    Schema.whole(0, SubmissionReader.MAX_EPOCH_MILLIS).says("run_at as milliseconds since 1970"))
            .may("delay", DURATION.says("in place of run_at"))
            .may("max_attempts", ATTEMPTS)
            .may("max_retries", Schema.whole(0, Policy.MAX_ATTEMPTS - 1).says("max_attempts less one"))
            .may("backoff", BACKOFF)
            .may("timeout", DURATION.says("of each attempt"))
            .may(
                    "key",
                    Schema.text()
                            .with("minLength", 1)
                            .with("maxLength", Limits.MAX_KEY)
                            .says("one unfinished job for each key and type"))
            .may("key_ttl", DURATION.says("how long the key lives; while the job is unfinished where it is left out"))
            .may("origin", Schema.text().with("minLength", 1).with("maxLength", Limits.MAX_ORIGIN))
            .closed()
            .named("Submission");

    public static final Schema BATCH = Schema.object()
            .has("jobs", Schema.list(SUBMISSION).with("minItems", 1).with("maxItems", Limits.MAX_BATCH))
            .may("atomic", Schema.flag().says("whether one bad job refuses all; true where it is left out"))
            .closed()
            .named("SubmissionBatch");

    private static final Schema FACTS = Schema.object()
            .has("id", ID)
            .has("type", NAME)
            .has("queue", NAME)
            .may("payload", Schema.ANY.says("as it was sent, byte for byte"))
            .may(
                    "payload_base64",
                    Schema.text().with("contentEncoding", "base64").says("a payload that is not JSON"))
            .may("content_type", Schema.text().says("of a payload that is not JSON"))
            .has("headers", LABELS)
            .has("tags", LABELS)
            .has("priority", PRIORITY)
            .has("max_attempts", ATTEMPTS)
            .has("backoff", BACKOFF)
            .has("timeout", DURATION.orNull())
            .has("key", Schema.text().orNull())
            .has("origin", Schema.text().orNull())
            .has("bundle_id", ID.orNull())
            .has("schedule_id", ID.orNull())
            .has("occurrence", Schema.text().orNull())
            .has("created_at", INSTANT)
            .has("status", STATUS)
            .has("attempt", Schema.whole(0, Integer.MAX_VALUE));

    private static final Schema JOB_FIELDS = FACTS.has("run_at", INSTANT.orNull())
            .has("started_at", INSTANT.orNull())
            .has("finished_at", INSTANT.orNull())
            .has("error", ERROR.orNull())
            .may("result", Schema.ANY.says("what the handler returned, byte for byte"))
            .may("result_base64", Schema.text().with("contentEncoding", "base64"))
            .may("result_content_type", Schema.text());

    /** A job as lists, acts and submissions answer it. */
    public static final Schema JOB = JOB_FIELDS
            .may("duplicate", Schema.flag().says("true where the id or the key was known"))
            .named("Job");

    /** A job as a claim gives it. */
    static final Schema ASSIGNMENT = FACTS.has("token", Schema.text().says("opaque; goes into heartbeats and reports"))
            .named("Assignment");

    static final Schema ATTEMPT = Schema.object()
            .has("attempt", Schema.whole(0, Integer.MAX_VALUE))
            .has("worker", Schema.text().orNull())
            .has("started_at", INSTANT.orNull())
            .has("ended_at", INSTANT.orNull())
            .has(
                    "outcome",
                    Schema.oneOf(OutcomeKind.values(), OutcomeKind::wireName).orNull())
            .has("error", ERROR.orNull())
            .named("Attempt");

    private static final Schema WAITING = Schema.object()
            .has("code", Schema.oneOf(WaitReason.Code.values(), WaitReason.Code::wireName))
            .has("message", Schema.text())
            .may("name", NAME)
            .may("reason", Schema.text().orNull())
            .may("by", Schema.text().orNull())
            .may("since", INSTANT.orNull())
            .may("until", INSTANT)
            .may("count", Schema.whole())
            .named("WaitReason");

    private static final Schema PERCENT = Schema.whole(0, 100).orNull();

    /** A job with all that is known of it. */
    public static final Schema JOB_IN_FULL = JOB_FIELDS
            .has("progress", PERCENT)
            .has("progress_text", Schema.text().orNull())
            .has("waiting", Schema.list(WAITING).says("why it waits; empty for one that does not"))
            .has("attempts", Schema.list(ATTEMPT).says("oldest first"))
            .named("JobInFull");

    public static final Schema JOBS = page("JobPage", JOB);

    /** One place of a batch. */
    public static final Schema BATCH_ANSWER = Schema.object()
            .has(
                    "items",
                    Schema.list(Schema.either(
                            JOB, Schema.object().has("error", ProblemJson.SHAPE).named("RefusedItem"))))
            .named("SubmittedBatch");

    private static final Schema LOG_LINE = Schema.object()
            .has("n", Schema.whole())
            .has("attempt", Schema.whole())
            .has("at", INSTANT)
            .has("level", Schema.oneOf(LogLevel.values(), LogLevel::wireName))
            .has("message", Schema.text())
            .named("LogLine");

    public static final Schema LOG = Schema.object()
            .has("items", Schema.list(LOG_LINE).says("oldest first"))
            .has("next_cursor", Schema.text().says("also after the last line: a running job may write more"))
            .has("lost", Schema.whole().says("lines that were not kept"))
            .has("progress", PERCENT)
            .has("progress_text", Schema.text().orNull())
            .named("JobLog");

    private static final List<FilterField> FILTER = List.of(
            new FilterField("status", STATUS, "pending"),
            new FilterField("type", NAME, "email"),
            new FilterField("queue", NAME, "default"),
            new FilterField("tag", Schema.text().says("name:value; may be given more than once"), "tenant:a"),
            new FilterField("origin", Schema.text(), "shop"),
            new FilterField("bundle_id", ID, ""),
            new FilterField("schedule_id", ID, ""),
            new FilterField(
                    "q",
                    Schema.text().with("maxLength", FilterFields.MAX_SEARCH).says("text to look for"),
                    "a@b.com"),
            new FilterField("since", INSTANT.says("submitted then or later"), "2026-01-01T00:00:00Z"),
            new FilterField("until", INSTANT.says("submitted before"), "2126-01-01T00:00:00Z"));

    private JobShapes() {}

    /**
     * One way to narrow a list of jobs.
     *
     * @param example a value of it; empty where none can be told beforehand
     */
    public record FilterField(String name, Schema schema, String example) {}

    /** The ways to narrow a list of jobs, as query parameters and as fields of a filter. */
    public static List<FilterField> filter(Set<String> except) {
        return FILTER.stream().filter(field -> !except.contains(field.name())).toList();
    }

    /** A list as every route answers it. */
    static Schema page(String name, Schema item) {
        return Schema.object()
                .has("items", Schema.list(item))
                .has("next_cursor", Schema.text().orNull().says("null on the last page"))
                .named(name);
    }
}
