package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SystemJson;
import dev.pulse.model.HealthCheck;
import dev.pulse.model.HealthCheck.Level;
import dev.pulse.model.HealthDetails;
import dev.pulse.model.PulseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether the server takes work, and how it and its database are. */
@Command(
        name = "health",
        description = {
            "Ask whether the server can take work, and how it and its database are.",
            "Exit 6 unless it takes work, 1 when a check fails, 0 otherwise; warnings are no failure.",
            "Details need a role that may read everything; others are told whether it takes work."
        })
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
            HealthDetails details = details(client);
            String status = ready ? "ready" : "not ready";
            if (json.wanted()) {
                Json.print(shell.out(), details == null ? SystemJson.status(status) : SystemJson.health(details));
            } else {
                shell.out().println(status);
                if (details != null) {
                    print(details);
                }
            }
            if (!ready) {
                return Exit.UNREACHABLE;
            }
            return details != null && details.level() == Level.FAIL ? Exit.OTHER : Exit.OK;
        }
    }

    /** Null for a caller who may not see them. */
    private static @Nullable HealthDetails details(PulseClient client) {
        try {
            return client.health();
        } catch (PulseException e) {
            if (Exit.of(e.code()) == Exit.NOT_ALLOWED) {
                return null;
            }
            throw e;
        }
    }

    private void print(HealthDetails details) {
        Table table = new Table("CHECK", "STATUS", "FOUND");
        details.checks().forEach(check -> table.row(check.name(), check.level().wireName(), check.message()));
        table.print(shell);
        for (HealthCheck check : details.checks()) {
            if (!check.advice().isEmpty()) {
                shell.out().println(check.name() + ": " + check.advice());
            }
        }
    }
}
