package dev.pulse.cli;

import dev.pulse.client.ClientConfig;
import dev.pulse.client.PulseClient;
import dev.pulse.client.ServerAddress;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.Credentials;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, and who asks: flag, then environment, then what was saved, then the default. */
final class Remote {
    static final String DEFAULT = "localhost:50051";

    @Option(
            names = "--addr",
            paramLabel = "HOST:PORT",
            description = "gRPC address of the server (PULSE_ADDR; default " + DEFAULT + ").")
    private @Nullable String addr;

    @Option(names = "--user", paramLabel = "NAME", description = "User to sign in as (PULSE_USER).")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "SECRET",
            description = "The user's password. Other users of this machine can read it here; better PULSE_PASSWORD, or"
                    + " an API key in PULSE_API_KEY.")
    private @Nullable String password;

    private @Nullable SavedConfig saved;

    String address(Shell shell) {
        if (addr != null) {
            return addr;
        }
        String variable = shell.variable("PULSE_ADDR", "");
        if (!variable.isEmpty()) {
            return variable;
        }
        String kept = saved(shell).address();
        return kept == null ? DEFAULT : kept;
    }

    private SavedConfig saved(Shell shell) {
        if (saved == null) {
            saved = SavedConfig.read(shell);
        }
        return saved;
    }

    /** A user who is named by a flag goes before a key in the environment. */
    Credentials credentials(Shell shell) {
        Map<String, String> given = new HashMap<>(shell.environment());
        if (user != null) {
            given.put("PULSE_USER", user);
            given.remove("PULSE_API_KEY");
        }
        if (password != null) {
            given.put("PULSE_PASSWORD", password);
            shell.err()
                    .println("pulse: a password on the command line can be read by every user of this machine;"
                            + " PULSE_PASSWORD cannot");
        }
        saved(shell).fill(given, address(shell));
        try {
            return Credentials.from(given);
        } catch (IllegalArgumentException e) {
            throw new PulseException(ErrorCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    PulseClient connect(Shell shell) {
        return PulseClient.connect(
                ClientConfig.to(ServerAddress.parse(address(shell))).with(credentials(shell)));
    }
}
