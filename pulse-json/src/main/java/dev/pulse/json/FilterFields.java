package dev.pulse.json;

import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers a filter from texts, whichever door they came through, and notes what is wrong with them. */
final class FilterFields {
    static final Set<String> NAMES = JobShapes.filter(Set.of()).stream()
            .map(JobShapes.FilterField::name)
            .collect(Collectors.toUnmodifiableSet());

    static final int MAX_SEARCH = 256;

    private final Faults faults;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private @Nullable JobStatus status;
    private @Nullable String type;
    private @Nullable String queue;
    private @Nullable String origin;
    private @Nullable String search;
    private @Nullable Instant since;
    private @Nullable Instant until;
    private @Nullable UUID bundle;
    private @Nullable UUID schedule;

    FilterFields(Faults faults) {
        this.faults = faults;
    }

    /** Takes one of {@link #NAMES}. */
    void put(String name, String text) {
        switch (name) {
            case "status" -> status = status(text);
            case "type" -> type = name(name, text);
            case "queue" -> queue = name(name, text);
            case "tag" -> tag(text);
            case "origin" -> origin = text(name, text, Limits.MAX_ORIGIN);
            case "schedule_id" -> schedule = BundleQuery.id(name, text, faults);
            case "bundle_id" -> bundle = BundleQuery.id(name, text, faults);
            case "q" -> search = text(name, text, MAX_SEARCH);
            case "since" -> since = instant(name, text);
            case "until" -> until = instant(name, text);
            default -> throw new AssertionError(name);
        }
    }

    void tags(Map<String, String> wanted) {
        wanted.forEach((name, value) -> {
            if (name("tags", name) != null) {
                putTag("tags", name, value);
            }
        });
    }

    JobFilter filter() {
        if (since != null && until != null && until.isBefore(since)) {
            faults.invalid("until", "must not be before since");
        }
        return new JobFilter(status, type, queue, tags, origin, search, since, until, bundle, schedule);
    }

    private void tag(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            faults.invalid("tag", "name:value is expected, got \"" + Shown.text(text) + "\"");
        } else if (name("tag", text.substring(0, colon)) != null) {
            putTag("tag", text.substring(0, colon), text.substring(colon + 1));
        }
    }

    private void putTag(String field, String name, String value) {
        if (text(field, value, Limits.MAX_LABEL_VALUE) == null) {
            return;
        }
        if (tags.putIfAbsent(name, value) != null) {
            faults.invalid(field, name + " is given more than once");
        } else if (tags.size() > Limits.MAX_LABELS) {
            faults.invalid(field, "at most " + Limits.MAX_LABELS + " tags");
        }
    }

    private @Nullable JobStatus status(String text) {
        for (JobStatus candidate : JobStatus.values()) {
            if (candidate.wireName().equals(text)) {
                return candidate;
            }
        }
        String all = Arrays.stream(JobStatus.values()).map(JobStatus::wireName).collect(Collectors.joining(", "));
        faults.invalid("status", "one of " + all + " is expected, got \"" + Shown.text(text) + "\"");
        return null;
    }

    @Nullable
    String name(String field, String text) {
        if (Limits.NAME.matcher(text).matches()) {
            return text;
        }
        faults.invalid(
                field,
                "1 to " + Limits.MAX_NAME + " of A-Z a-z 0-9 . _ : - are expected, got \"" + Shown.text(text) + "\"");
        return null;
    }

    private @Nullable String text(String field, String text, int max) {
        boolean storable = text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
        if (storable && text.length() <= max && !(text.isEmpty() && !field.startsWith("tag"))) {
            return text;
        }
        faults.invalid(field, "1 to " + max + " characters are expected, got \"" + Shown.text(text) + "\"");
        return null;
    }

    private @Nullable Instant instant(String field, String text) {
        try {
            return Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            faults.invalid(field, String.valueOf(e.getMessage()));
            return null;
        }
    }
}
