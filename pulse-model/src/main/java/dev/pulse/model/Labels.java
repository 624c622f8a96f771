package dev.pulse.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job carries beside its payload.
 *
 * @param headers travel to the handler, for example trace context; in the order given
 * @param tags what lists can be filtered by
 * @param origin free text that names the submitter, or null
 */
public record Labels(
        Map<String, String> headers,
        Map<String, String> tags,
        @Nullable String origin) {
    public static final Labels NONE = new Labels(Map.of(), Map.of(), null);

    public Labels {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }
}
