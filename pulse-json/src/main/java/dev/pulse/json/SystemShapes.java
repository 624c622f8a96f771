package dev.pulse.json;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkState;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.EventKind;
import dev.pulse.model.HealthCheck;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The shapes of what is not one job: bundles, acts on many, counts, switches, workers, events, the audit log. */
public final class SystemShapes {
    /** A body that has to be empty or an empty object. */
    public static final Schema NOTHING = Schema.object().closed().named("Nothing");

    /** A document that another standard describes. */
    public static final Schema DOCUMENT = Schema.map(Schema.ANY);

    private static final Schema LEVEL = Schema.oneOf(HealthCheck.Level.values(), HealthCheck.Level::wireName);
    private static final Schema COUNT = Schema.whole(0, Long.MAX_VALUE);
    private static final Schema REASON = Schema.text().orNull();

    private static final Schema FILTER_FIELDS = filter();

    static final Schema FILTER = FILTER_FIELDS.closed().named("JobFilter");

    public static final Schema BULK = Schema.object()
            .has("action", Schema.oneOf(BulkAction.values(), BulkAction::wireName))
            .has("filter", FILTER)
            .may("dry_run", Schema.flag().says("only count"))
            .may("all", Schema.flag().says("every job is meant, where the filter is empty"))
            .may("rate", Schema.whole(1, RequestReader.MAX_RATE).says("most jobs a second"))
            .closed()
            .named("BulkRequest");

    public static final Schema DEAD_RETRY = FILTER_FIELDS
            .without("status")
            .may("dry_run", Schema.flag())
            .may("rate", Schema.whole(1, RequestReader.MAX_RATE))
            .closed()
            .named("DeadLetterRetry");

    private static final Schema SKIPPED = Schema.map(COUNT).says("how many were left as they are, by the reason");

    public static final Schema BULK_RESULT = Schema.object()
            .has("matched", COUNT)
            .has("changed", COUNT)
            .has("skipped", SKIPPED)
            .has("finished", Schema.flag())
            .may("id", JobShapes.ID.says("of the operation, to ask again"))
            .named("BulkResult");

    public static final Schema OPERATION = Schema.object()
            .has("id", JobShapes.ID)
            .has("action", Schema.oneOf(BulkAction.values(), BulkAction::wireName))
            .has("filter", Schema.map(Schema.text()))
            .has("state", Schema.oneOf(BulkState.values(), BulkState::wireName))
            .has("matched", COUNT)
            .has("changed", COUNT)
            .has("skipped", SKIPPED)
            .has("rate", Schema.whole().orNull())
            .has("actor", Schema.text())
            .has("started_at", JobShapes.INSTANT)
            .has("finished_at", JobShapes.INSTANT.orNull())
            .named("BulkOperation");

    public static final Schema OPERATIONS = JobShapes.page("BulkOperationPage", OPERATION);

    public static final Schema AUDIT = JobShapes.page(
            "AuditPage",
            Schema.object()
                    .has("at", JobShapes.INSTANT)
                    .has("actor", Schema.text())
                    .has("action", Schema.text().says("such as dispatch.pause"))
                    .has("target", Schema.text())
                    .has("from", Schema.text().orNull())
                    .has("before", Schema.map(Schema.text()))
                    .has("after", Schema.map(Schema.text()))
                    .has("outcome", Schema.text())
                    .named("AuditEntry"));

    private static final Schema STATUS_COUNTS = counts(Schema.object(), List.of(JobStatus.values()));

    public static final Schema STATS = STATUS_COUNTS
            .has("total", COUNT)
            .has("oldest_pending_age_s", Schema.number().orNull())
            .has(
                    "types",
                    Schema.list(counts(Schema.object().has("type", JobShapes.NAME), List.of(JobStatus.values()))
                            .has("total", COUNT)
                            .named("TypeCounts")))
            .named("Stats");

    public static final Schema THROUGHPUT = Schema.object()
            .has("bucket_s", Schema.number())
            .has(
                    "items",
                    Schema.list(Schema.object()
                            .has("start", JobShapes.INSTANT)
                            .has("completed", COUNT)
                            .has("dead_lettered", COUNT)
                            .has("retried", COUNT)
                            .named("ThroughputBucket")))
            .named("Throughput");

    public static final Schema PAUSE =
            Schema.object().may("reason", REASON.says("for people")).closed().named("PauseRequest");
    public static final Schema SWITCH = pause(Schema.object()).named("Switch");
    public static final Schema LIMITS = Schema.object()
            .may("max_running", Schema.whole(0, Integer.MAX_VALUE).orNull().says("null takes the limit away"))
            .may("rate", Schema.number().orNull().says("starts a second; null takes the limit away"))
            .closed()
            .named("LimitsRequest");

    private static final Schema LINE_FIELDS = pause(Schema.object().has("name", JobShapes.NAME))
            .has("max_running", Schema.whole().orNull())
            .has("rate", Schema.number().orNull());

    /** A queue or type as it is set. */
    public static final Schema LINE = LINE_FIELDS.named("Line");

    public static final Schema LINES = JobShapes.page(
            "LinePage",
            counts(LINE_FIELDS, SwitchJson.COUNTED)
                    .has("oldest_pending_age_s", Schema.number().orNull())
                    .named("LineWithCounts"));

    public static final Schema WORKERS = JobShapes.page(
            "WorkerPage",
            Schema.object()
                    .has("session_id", JobShapes.ID)
                    .has("worker", Schema.text())
                    .has("types", Schema.list(JobShapes.NAME))
                    .has("queues", Schema.list(JobShapes.NAME).says("all where there are none"))
                    .has("slots", Schema.whole())
                    .has("running", COUNT)
                    .has("lease_ttl_s", Schema.number())
                    .has("started_at", JobShapes.INSTANT)
                    .has("last_heartbeat", JobShapes.INSTANT)
                    .named("Worker"));

    public static final Schema SERVERS = JobShapes.page(
            "ServerPage",
            Schema.object()
                    .has("id", JobShapes.ID)
                    .has("name", Schema.text())
                    .has("version", Schema.text())
                    .has("leader", Schema.flag())
                    .has("started_at", JobShapes.INSTANT)
                    .has("last_seen", JobShapes.INSTANT)
                    .named("Server"));

    public static final Schema LIFE =
            Schema.object().has("status", Schema.text()).named("Life");
    public static final Schema HEALTH = Schema.object()
            .has("status", LEVEL)
            .has("live", Schema.flag())
            .has("ready", Schema.flag())
            .has("leader", Schema.flag())
            .has(
                    "checks",
                    Schema.list(Schema.object()
                            .has("name", Schema.text())
                            .has("status", LEVEL)
                            .has("message", Schema.text())
                            .has("advice", Schema.text().orNull())
                            .named("HealthCheck")))
            .named("Health");

    public static final Schema EVENT_KIND =
            Schema.oneOf(EventKind.values(), EventKind::wireName).named("EventKind");
    public static final Schema EVENT = Schema.object()
            .has("id", Schema.text())
            .has("kind", EVENT_KIND)
            .may("job_id", JobShapes.ID)
            .may("bundle_id", JobShapes.ID)
            .has("type", JobShapes.NAME)
            .may("queue", JobShapes.NAME)
            .may("attempt", Schema.whole())
            .has("at", JobShapes.INSTANT)
            .named("Event");

    public static final Schema SUBSCRIPTIONS = JobShapes.page(
            "SubscriptionPage",
            Schema.object()
                    .has("name", JobShapes.NAME)
                    .has("kinds", Schema.list(EVENT_KIND))
                    .has("types", Schema.list(JobShapes.NAME))
                    .has("queues", Schema.list(JobShapes.NAME))
                    .has("created_at", JobShapes.INSTANT)
                    .has("next", Schema.text())
                    .has("unread", COUNT)
                    .has("lag_s", Schema.number())
                    .has("in_flight", COUNT)
                    .has("parked", COUNT)
                    .has("gaps", COUNT)
                    .has("last_gap_at", JobShapes.INSTANT.orNull())
                    .named("Subscription"));

    public static final Schema PARKED = JobShapes.page(
            "ParkedEventPage",
            Schema.object()
                    .has("event", EVENT)
                    .has("deliveries", Schema.whole())
                    .has("error", Schema.text().orNull())
                    .has("parked_at", JobShapes.INSTANT)
                    .named("ParkedEvent"));

    public static final Schema RELEASED = Schema.object().has("released", COUNT).named("Released");

    public static final Schema BUNDLE_STATUS =
            Schema.oneOf(BundleStatus.values(), BundleStatus::wireName).named("BundleStatus");
    public static final Schema BUNDLE_REQUEST = bundleRequest();
    public static final Schema BUNDLE = bundle();
    public static final Schema BUNDLES = JobShapes.page("BundlePage", BUNDLE);

    private SystemShapes() {}

    private static Schema filter() {
        Schema filter = Schema.object();
        for (JobShapes.FilterField field : JobShapes.filter(Set.of())) {
            filter = filter.may(field.name(), field.schema());
        }
        return filter.may("tags", JobShapes.LABELS);
    }

    private static Schema counts(Schema in, List<JobStatus> statuses) {
        Schema counts = in;
        for (JobStatus status : statuses) {
            counts = counts.has(status.wireName(), COUNT);
        }
        return counts;
    }

    static Schema pause(Schema in) {
        return in.has("paused", Schema.flag())
                .has("reason", REASON)
                .has("by", Schema.text().orNull())
                .has("since", JobShapes.INSTANT.orNull());
    }

    private static Schema bundleRequest() {
        Schema request = Schema.object()
                .may("id", JobShapes.ID)
                .has("type", JobShapes.NAME)
                .may("origin", Schema.text().with("maxLength", Limits.MAX_ORIGIN))
                .may("jobs", Schema.list(JobShapes.SUBMISSION))
                .may("bundles", Schema.list(Schema.ANY.with("$ref", "#/components/schemas/BundleRequest")));
        for (BundleEvent event : BundleEvent.values()) {
            request = request.may(event.field(), JobShapes.SUBMISSION);
        }
        return request.closed().named("BundleRequest");
    }

    private static Schema bundle() {
        Schema callback = Schema.object()
                .has("job_id", JobShapes.ID)
                .has("type", JobShapes.NAME)
                .has("submitted_at", JobShapes.INSTANT.orNull())
                .named("BundleCallback");
        Schema bundle = Schema.object()
                .has("id", JobShapes.ID)
                .has("type", JobShapes.NAME)
                .has("origin", Schema.text().orNull())
                .has("parent_id", JobShapes.ID.orNull())
                .has("status", BUNDLE_STATUS);
        for (String count : Arrays.asList("total", "unfinished", "completed", "dead_lettered", "canceled")) {
            bundle = bundle.has(count, COUNT);
        }
        for (BundleEvent event : BundleEvent.values()) {
            bundle = bundle.has(event.field(), callback.orNull());
        }
        return bundle.has("created_at", JobShapes.INSTANT)
                .has("finished_at", JobShapes.INSTANT.orNull())
                .may("duplicate", Schema.flag())
                .named("Bundle");
    }
}
