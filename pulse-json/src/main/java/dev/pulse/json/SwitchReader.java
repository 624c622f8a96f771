package dev.pulse.json;

import dev.pulse.model.LimitChange;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.RunLimits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of the calls that pause and limit, as strictly as all others. Runs on the caller's thread; no state. */
public final class SwitchReader {
    private static final Set<String> PAUSE = SystemShapes.PAUSE.names();
    private static final Set<String> LIMITS = SystemShapes.LIMITS.names();
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private SwitchReader() {}

    /** {@code {"reason"}}; null where none is given. */
    public static @Nullable String reason(byte[] body) {
        Faults faults = new Faults();
        String[] reason = new String[1];
        Envelope.read(body.length == 0 ? EMPTY_OBJECT : body, PAUSE, faults, in -> {
            while (in.next() != null) {
                if (!in.isNull()) {
                    in.text(text -> reason[0] = text);
                }
            }
            return in;
        });
        faults.raise();
        return Pause.reason(reason[0]);
    }

    /** {@code {"max_running", "rate"}}; null takes a limit away, and one that is left out stays. */
    public static LimitChange limits(byte[] body) {
        Faults faults = new Faults();
        LimitChange[] change = {LimitChange.none()};
        Envelope.read(body, LIMITS, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                boolean rate = field.equals("rate");
                if (in.isNull()) {
                    change[0] = rate ? change[0].rate(null) : change[0].maxRunning(null);
                } else if (rate) {
                    in.decimal(value -> change[0] = change[0].rate(value));
                } else {
                    in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> change[0] = change[0].maxRunning(value));
                }
            }
            return in;
        });
        try {
            RunLimits unused = change[0].on(RunLimits.NONE);
        } catch (PulseException e) {
            e.violations().forEach(fault -> faults.invalid(fault.field(), fault.message()));
        }
        faults.raise();
        return change[0];
    }
}
