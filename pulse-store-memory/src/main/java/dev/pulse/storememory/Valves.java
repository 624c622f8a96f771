package dev.pulse.storememory;

import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is paused and limited, and the tokens of each rate. Touched under the lock of {@link Tables}. */
final class Valves {
    /** One scope of which something is set. */
    static final class Valve {
        private Setting setting;
        private double tokens;
        private Instant filledAt;

        private Valve(Setting setting, Instant now) {
            this.setting = setting;
            this.tokens = setting.limits().burst();
            this.filledAt = now;
        }

        Setting setting() {
            return setting;
        }

        RunLimits limits() {
            return setting.limits();
        }

        double tokens(Instant now) {
            return limits().refilled(tokens, Duration.between(filledAt, now));
        }

        void take(Instant now) {
            if (limits().rate() != null) {
                tokens = tokens(now) - 1;
                filledAt = now;
            }
        }
    }

    private final NavigableMap<Scope, Valve> valves = new TreeMap<>();
    private long version;

    long version() {
        return version;
    }

    int size() {
        return valves.size();
    }

    @Nullable
    Valve find(Scope scope) {
        return valves.get(scope);
    }

    /** A setting that says nothing is forgotten; a new rate begins with a full bucket. */
    void set(Setting setting, Instant now) {
        version++;
        Valve valve = valves.get(setting.scope());
        if (setting.isOpen()) {
            valves.remove(setting.scope());
        } else if (valve == null) {
            valves.put(setting.scope(), new Valve(setting, now));
        } else {
            Double rate = setting.limits().rate();
            if (rate != null && !rate.equals(valve.limits().rate())) {
                valve.tokens = setting.limits().burst();
                valve.filledAt = now;
            }
            valve.setting = setting;
        }
    }

    Switches switches() {
        return new Switches(
                version, valves.values().stream().map(Valve::setting).toList());
    }
}
