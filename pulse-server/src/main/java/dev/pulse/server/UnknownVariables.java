package dev.pulse.server;

import dev.pulse.json.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Variables of the environment that look like Pulse's and are not: a setting that somebody believes set. They do not stop the
 * start, because environments hold more than what their program reads.
 */
final class UnknownVariables {
    /** Those of the command line, of the launcher, and of the programs that workers run. */
    private static final Set<String> OTHERS = Set.of(
            "PULSE_ADDR",
            "PULSE_URL",
            "PULSE_USER",
            "PULSE_PASSWORD",
            "PULSE_API_KEY",
            "PULSE_INSECURE_CREDENTIALS",
            "PULSE_DEBUG",
            "PULSE_LOG_FORMAT",
            "PULSE_LOG_LEVEL",
            "PULSE_JAVA_OPTS",
            "PULSE_JDK",
            "PULSE_ROOT",
            "PULSE_OUT",
            "PULSE_JOB_ID",
            "PULSE_ATTEMPT",
            "PULSE_TYPE");

    /** Kubernetes makes such variables for a service that is named pulse. */
    private static final List<String> OF_KUBERNETES = List.of("PULSE_SERVICE_", "PULSE_PORT");

    private UnknownVariables() {}

    /** A sentence for each of them, in the order of their names. */
    static List<String> warnings(Map<String, String> environment) {
        List<String> known = Arrays.stream(Setting.values())
                .flatMap(setting -> setting.variables().stream())
                .toList();
        return environment.keySet().stream()
                .filter(name -> name.startsWith("PULSE_"))
                .filter(name -> !known.contains(name) && !OTHERS.contains(name))
                .filter(name -> OF_KUBERNETES.stream().noneMatch(name::startsWith))
                .sorted()
                .map(name -> "the variable " + name + " is unknown and has no effect"
                        + Stream.of(Nearest.hint(name, known))
                                .filter(hint -> hint.startsWith("did you mean"))
                                .map(hint -> "; " + hint)
                                .findFirst()
                                .orElse(""))
                .toList();
    }
}
