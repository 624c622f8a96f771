package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is: flag, then environment, then the default. */
final class Remote {
    static final String DEFAULT = "localhost:50051";

    @Option(
            names = "--addr",
            paramLabel = "HOST:PORT",
            description = "gRPC address of the server (PULSE_ADDR; default " + DEFAULT + ").")
    private @Nullable String addr;

    String address(Shell shell) {
        return addr == null ? shell.variable("PULSE_ADDR", DEFAULT) : addr;
    }

    PulseClient connect(Shell shell) {
        return PulseClient.connect(address(shell));
    }
}
