package dev.pulse.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * SIGTERM, SIGINT and SIGHUP as requests to drain. The first starts the drain and lets the command end by itself, with
 * exit code 0; the second ends the process at once. A shutdown hook could do neither: a JVM that a signal ended exits
 * with the signal's code, and swallows the second one. The handler runs on a thread of the JVM's own.
 */
final class Signals {
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /** Calls the drain on the first signal; on the second, the process is over. */
    static void drainOn(Runnable drain) {
        AtomicInteger received = new AtomicInteger();
        for (String name : NAMES) {
            Signal.handle(new Signal(name), signal -> {
                if (received.incrementAndGet() == 1) {
                    drain.run();
                } else {
                    Runtime.getRuntime().halt(128 + signal.getNumber());
                }
            });
        }
    }
}
