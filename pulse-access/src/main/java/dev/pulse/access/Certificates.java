package dev.pulse.access;

import dev.pulse.model.Rights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names in verified certificates may do. Pure. */
public final class Certificates {
    private static final String ROLE = "(?:admin|operator|producer|worker|viewer)";
    /** The name may have colons of its own, as in {@code spiffe://pool/mail}. */
    private static final Pattern ENTRY = Pattern.compile("(\\S{1,255}):(" + ROLE + "(?:\\+" + ROLE + ")*(?:@\\S+)?)");

    private static final int MAX_NAMES = 1_000;

    private Certificates() {}

    /**
     * Reads {@code name:rights,…}.
     *
     * @param faults gets every fault
     * @return those without a fault
     */
    public static Map<String, Rights> parse(String text, Consumer<String> faults) {
        Map<String, Rights> names = new LinkedHashMap<>();
        String[] entries = text.split(",", -1);
        if (entries.length > MAX_NAMES) {
            faults.accept(entries.length + " certificates; at most " + MAX_NAMES + " are allowed");
            return names;
        }
        for (int i = 0; i < entries.length; i++) {
            String place = "certificate " + (i + 1) + ": ";
            Matcher entry = ENTRY.matcher(entries[i].strip());
            if (!entry.matches()) {
                faults.accept(place + "name:role is expected, the role admin, operator, producer, worker or viewer,"
                        + " several joined by +, narrowed to queues by @queue|beginning*");
                continue;
            }
            try {
                if (names.put(entry.group(1), Rights.parse(entry.group(2))) != null) {
                    faults.accept(place + entry.group(1) + " is named before");
                }
            } catch (IllegalArgumentException e) {
                faults.accept(place + entry.group(1) + ": " + e.getMessage());
            }
        }
        return names;
    }
}
