package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SystemJson;
import dev.pulse.model.Durations;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands about live sessions. */
@Command(name = "workers", description = "Show the live workers.", synopsisSubcommandLabel = "COMMAND")
final class WorkersCommand {
    private WorkersCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new WorkersCommand()).addSubcommand(new ListSessions(shell));
    }

    /** One row a session. */
    @Command(name = "list", description = "List the live workers.")
    static final class ListSessions implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        ListSessions(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                List<SessionInfo> sessions = client.workers();
                if (json.wanted()) {
                    Json.print(shell.out(), SystemJson.workers(sessions));
                } else {
                    print(sessions);
                }
                return Exit.OK;
            }
        }

        private void print(List<SessionInfo> sessions) {
            Table table =
                    new Table("SESSION", "WORKER", "TYPES", "QUEUES", "SLOTS", "RUNNING", "LEASE", "LAST_HEARTBEAT");
            for (SessionInfo session : sessions) {
                SessionSpec spec = session.spec();
                table.row(
                        spec.id(),
                        spec.worker(),
                        String.join(",", spec.types().stream().sorted().toList()),
                        spec.queues().isEmpty()
                                ? "all"
                                : String.join(
                                        ",", spec.queues().stream().sorted().toList()),
                        spec.slots(),
                        session.running(),
                        Durations.format(spec.leaseTtl()),
                        session.lastHeartbeat().truncatedTo(ChronoUnit.SECONDS));
            }
            table.print(shell);
        }
    }
}
