package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.OperatorJson;
import dev.pulse.model.BulkOperation;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about acts on many jobs that go on by themselves. */
@Command(
        name = "bulk",
        description = "Show and stop acts on many jobs; pulse jobs cancel --all and the like start them.",
        synopsisSubcommandLabel = "COMMAND")
final class BulkCommand {
    private BulkCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("list", () -> new ListOperations(shell))
                .with("get", () -> new Get(shell))
                .with("stop", () -> new Stop(shell))
                .below(new BulkCommand(), words);
    }

    private static void print(Shell shell, Json json, List<BulkOperation> operations) {
        if (json.wanted()) {
            Json.print(shell.out(), OperatorJson.operations(operations));
            return;
        }
        Table table = new Table("ID", "ACTION", "STATE", "MATCHED", "CHANGED", "SKIPPED", "ACTOR", "STARTED", "FILTER");
        for (BulkOperation operation : operations) {
            table.row(
                    operation.id(),
                    operation.action().wireName(),
                    operation.state().wireName(),
                    operation.result().matched(),
                    operation.result().changed(),
                    operation.result().skipped().values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    operation.actor(),
                    operation.startedAt().truncatedTo(ChronoUnit.SECONDS),
                    operation.filter().toMap());
        }
        table.print(shell);
    }

    private static void print(Shell shell, Json json, BulkOperation operation) {
        if (json.wanted()) {
            Json.print(shell.out(), OperatorJson.operation(operation));
        } else {
            print(shell, json, List.of(operation));
            operation
                    .result()
                    .skipped()
                    .forEach((reason, count) -> shell.out().println("skipped " + reason + ": " + count));
        }
    }

    /** The latest. */
    @Command(name = "list", description = "List the latest acts on many jobs, newest first.")
    static final class ListOperations implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
        private int limit;

        ListOperations(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                print(shell, json, client.bulkOperations(limit));
                return Exit.OK;
            }
        }
    }

    /** One of them. */
    @Command(name = "get", description = "Show one act on many jobs.")
    static final class Get implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Parameters(paramLabel = "ID", description = "The operation's id.")
        private UUID id;

        @SuppressWarnings("NullAway.Init") // picocli requires the id
        Get(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                print(shell, json, client.bulkOperation(id, Duration.ZERO));
                return Exit.OK;
            }
        }
    }

    /** Before its time. */
    @Command(name = "stop", description = "Stop an act on many jobs; what was changed stays changed.")
    static final class Stop implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Parameters(paramLabel = "ID", description = "The operation's id.")
        private UUID id;

        @SuppressWarnings("NullAway.Init") // picocli requires the id
        Stop(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                print(shell, json, client.stopBulkOperation(id));
                return Exit.OK;
            }
        }
    }
}
