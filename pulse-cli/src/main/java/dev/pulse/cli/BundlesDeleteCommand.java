package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Delete a finished bundle with its members. */
@Command(name = "delete", description = "Delete a finished bundle with its members.")
final class BundlesDeleteCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Parameters(paramLabel = "ID", description = "The bundle's id.")
    private UUID id;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    BundlesDeleteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            client.deleteBundle(id);
            shell.out().println(id + " deleted");
            return Exit.OK;
        }
    }
}
