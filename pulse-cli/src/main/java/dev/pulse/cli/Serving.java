package dev.pulse.cli;

import dev.pulse.server.PulseServer;
import dev.pulse.server.ServerConfig;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One server from its ready line to its orderly end. */
final class Serving {
    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private static final Logger HTTP_LIBRARY = Logger.getLogger("io.helidon");

    private Serving() {}

    /** Serves until a signal asks to stop, then drains. A signal during the start counts as well. */
    static int untilSignal(Shell shell, ServerConfig config) throws InterruptedException {
        HTTP_LIBRARY.setLevel(Level.WARNING);
        CountDownLatch asked = new CountDownLatch(1);
        Signals.drainOn(asked::countDown);
        try (PulseServer server = PulseServer.start(config)) {
            shell.out().println(server.readyLine());
            shell.out().flush();
            asked.await();
        }
        return Exit.OK;
    }
}
