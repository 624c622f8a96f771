package dev.pulse.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All switches and limits at one moment.
 *
 * @param version grows with each change
 * @param settings what is set, in the order of the scopes; what is not named is open
 */
public record Switches(long version, List<Setting> settings) {
    /** Most scopes that may be set at once: every server reads them all each second. */
    public static final int MOST = 10_000;

    /** Nothing has been read yet. No store has this version, so a claim for it is granted nothing. */
    public static final Switches UNREAD = new Switches(Long.MIN_VALUE, List.of());

    public Switches {
        settings = List.copyOf(settings);
    }

    /** How the scope is set. */
    public Setting of(Scope scope) {
        return settings.stream()
                .filter(setting -> setting.scope().equals(scope))
                .findFirst()
                .orElse(Setting.open(scope));
    }

    /** The settings by their scope, in their order. */
    public Map<Scope, Setting> byScope() {
        Map<Scope, Setting> byScope = new LinkedHashMap<>();
        settings.forEach(setting -> byScope.put(setting.scope(), setting));
        return byScope;
    }
}
