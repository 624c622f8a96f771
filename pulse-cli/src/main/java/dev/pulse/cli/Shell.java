package dev.pulse.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command has around it: the three streams, the environment, the clock, the terminal. A value of the composition root, so that
 * tests run whole commands in process.
 */
record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        InstantSource clock,
        Terminal terminal) {

    /** The value of an environment variable; the fallback where it is unset or empty. */
    String variable(String name, String fallback) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? fallback : value;
    }

    /** Whether whoever read our output has gone; commands that print for long ask and end quietly. */
    boolean pipeClosed() {
        return out.checkError();
    }
}
