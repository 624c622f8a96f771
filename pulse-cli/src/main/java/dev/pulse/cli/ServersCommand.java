package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SystemJson;
import dev.pulse.model.ServerInfo;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands about replicas. */
@Command(name = "servers", description = "Show the server replicas.", synopsisSubcommandLabel = "COMMAND")
final class ServersCommand {
    private ServersCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new ServersCommand()).addSubcommand(new ListReplicas(shell));
    }

    /** One row a replica. */
    @Command(name = "list", description = "List the replicas; one of them leads.")
    static final class ListReplicas implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        ListReplicas(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                List<ServerInfo> servers = client.servers();
                if (json.wanted()) {
                    Json.print(shell.out(), SystemJson.servers(servers));
                } else {
                    print(servers);
                }
                return Exit.OK;
            }
        }

        private void print(List<ServerInfo> servers) {
            Table table = new Table("ID", "NAME", "VERSION", "LEADER", "STARTED", "LAST_SEEN");
            for (ServerInfo server : servers) {
                table.row(
                        server.id(),
                        server.name(),
                        server.version(),
                        server.leader() ? "yes" : "no",
                        server.startedAt().truncatedTo(ChronoUnit.SECONDS),
                        server.lastSeen().truncatedTo(ChronoUnit.SECONDS));
            }
            table.print(shell);
        }
    }
}
