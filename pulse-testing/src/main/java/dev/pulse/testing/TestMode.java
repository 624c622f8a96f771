package dev.pulse.testing;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a test runs jobs. The same test is green in all of them. */
public enum TestMode {
    /** An enqueue runs the handler before it returns, in the caller's thread; a delayed job waits for the clock. */
    SYNCHRONOUS,
    /** Jobs wait in memory until the test drains or steps. */
    IN_MEMORY,
    /** As {@link #IN_MEMORY}, but the jobs are kept in PostgreSQL, by the statements that production runs. */
    POSTGRES;

    /** The JUnit configuration parameter, or system property, that chooses the mode of tests that do not. */
    public static final String FLAG = "pulse.test.mode";

    /** The name in the flag, for example {@code in-memory}. */
    public String flagName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The mode of that name.
     *
     * @throws IllegalArgumentException naming the modes that there are
     */
    public static TestMode parse(String flag) {
        return Arrays.stream(values())
                .filter(mode -> mode.flagName().equals(flag.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(FLAG + ": there is no mode \"" + flag + "\"; use "
                        + Arrays.stream(values()).map(TestMode::flagName).collect(Collectors.joining(", "))));
    }
}
