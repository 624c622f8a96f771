package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;

/** Says why a door cannot listen. */
final class Ports {
    private Ports() {}

    /** Refuses an address on which nobody can listen now. */
    static void requireFree(Setting setting, Address wanted) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(wanted.socket());
        } catch (IOException e) {
            throw refused(setting, wanted, e);
        }
    }

    static PulseException refused(Setting setting, Address wanted, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage());
        String hint = reason.contains("in use")
                ? "port " + wanted.port() + " is in use by another program; stop it, or choose another port with --"
                        + setting.key()
                : "cannot listen on " + wanted + " (" + reason + "); choose another address with --" + setting.key();
        return new PulseException(ErrorCode.CONFIGURATION, setting.key() + ": " + hint, failure);
    }
}
