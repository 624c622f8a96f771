package dev.pulse.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client is set to, as JSON. */
public final class ClientJson {
    private ClientJson() {}

    /**
     * One setting.
     *
     * @param value null where it is not set; never a secret
     * @param from what said so
     */
    public record Value(String name, @Nullable String value, String from) {}

    /** {@code {"file": "…", "addr": {"value": "…", "from": "…"}, …}}. */
    public static byte[] config(String file, List<Value> values) {
        return Out.object(out -> {
            out.text("file", file);
            for (Value value : values) {
                out.object(value.name(), inner -> {
                    inner.text("value", value.value());
                    inner.text("from", value.from());
                });
            }
        });
    }
}
