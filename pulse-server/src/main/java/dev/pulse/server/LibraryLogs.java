package dev.pulse.server;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps what libraries say about themselves, and about callers' faults, out of the log. */
final class LibraryLogs {
    /** Held here, or their levels would be forgotten. */
    private static final List<Logger> QUIET = List.of(
            // A page about starting and stopping.
            quiet("io.helidon", Level.WARNING),
            // A stack trace for each message that is too large.
            quiet("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream", Level.SEVERE));

    private LibraryLogs() {}

    /** How many were made quiet; asking makes sure that they are. */
    static int quieten() {
        return QUIET.size();
    }

    private static Logger quiet(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        return logger;
    }
}
