package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SystemJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether the server takes work. */
@Command(name = "health", description = "Ask whether the server can take work; exit 6 unless it can.")
final class HealthCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    HealthCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            boolean ready = client.isHealthy();
            String status = ready ? "ready" : "not ready";
            if (json.wanted()) {
                Json.print(shell.out(), SystemJson.status(status));
            } else {
                shell.out().println(status);
            }
            return ready ? Exit.OK : Exit.UNREACHABLE;
        }
    }
}
