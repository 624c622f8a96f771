package dev.pulse.model;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list shows; null and empty match all.
 *
 * @param tags every one must match
 * @param text found in the last error's message, ignoring case
 * @param since created at or after
 * @param until created before
 * @param bundleId members of this bundle
 * @param scheduleId made by this schedule
 */
public record JobFilter(
        @Nullable JobStatus status,
        @Nullable String type,
        @Nullable String queue,
        Map<String, String> tags,
        @Nullable String origin,
        @Nullable String text,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable UUID bundleId,
        @Nullable UUID scheduleId) {
    private static final String TAG = "tag:";

    public static final JobFilter ALL = new JobFilter(null, null, null, Map.of(), null, null, null, null);

    /** Of any bundle or schedule, or none. */
    public JobFilter(
            @Nullable JobStatus status,
            @Nullable String type,
            @Nullable String queue,
            Map<String, String> tags,
            @Nullable String origin,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until) {
        this(status, type, queue, tags, origin, text, since, until, null, null);
    }

    public JobFilter {
        tags = Map.copyOf(tags);
    }

    public JobFilter withStatus(JobStatus wanted) {
        return new JobFilter(wanted, type, queue, tags, origin, text, since, until, bundleId, scheduleId);
    }

    /** In this queue only. */
    public JobFilter inQueue(String name) {
        return new JobFilter(status, type, name, tags, origin, text, since, until, bundleId, scheduleId);
    }

    /** Members of this bundle only. */
    public JobFilter inBundle(UUID bundle) {
        return new JobFilter(status, type, queue, tags, origin, text, since, until, bundle, scheduleId);
    }

    /** Made by this schedule only. */
    public JobFilter ofSchedule(UUID schedule) {
        return new JobFilter(status, type, queue, tags, origin, text, since, until, bundleId, schedule);
    }

    /**
     * Whether it says what the jobs have in common. A filter without it, or with times alone, may mean every job: an act on
     * many refuses it unless the caller says so.
     */
    public boolean isNarrow() {
        return !equals(new JobFilter(null, null, null, Map.of(), null, null, since, until));
    }

    /** The parts that are set, by their names at the doors; a tag is {@code tag:NAME}. */
    public Map<String, String> toMap() {
        Map<String, String> parts = new TreeMap<>();
        put(parts, "status", status == null ? null : status.wireName());
        put(parts, "type", type);
        put(parts, "queue", queue);
        put(parts, "origin", origin);
        put(parts, "q", text);
        put(parts, "since", since);
        put(parts, "until", until);
        put(parts, "bundle_id", bundleId);
        put(parts, "schedule_id", scheduleId);
        tags.forEach((name, value) -> parts.put(TAG + name, value));
        return parts;
    }

    /** The filter that {@link #toMap} told. */
    public static JobFilter fromMap(Map<String, String> parts) {
        Map<String, String> tags = new TreeMap<>();
        parts.forEach((name, value) -> {
            if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), value);
            }
        });
        String status = parts.get("status");
        String since = parts.get("since");
        String until = parts.get("until");
        String bundle = parts.get("bundle_id");
        String schedule = parts.get("schedule_id");
        return new JobFilter(
                status == null ? null : JobStatus.fromWire(status).orElseThrow(),
                parts.get("type"),
                parts.get("queue"),
                tags,
                parts.get("origin"),
                parts.get("q"),
                since == null ? null : Instant.parse(since),
                until == null ? null : Instant.parse(until),
                bundle == null ? null : UUID.fromString(bundle),
                schedule == null ? null : UUID.fromString(schedule));
    }

    private static void put(Map<String, String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.put(name, value.toString());
        }
    }

    /** Whether the filter lets everything through. */
    public boolean isEmpty() {
        return equals(ALL);
    }
}
