package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.BundleJson;
import dev.pulse.model.Bundle;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cancel what waits in a bundle, and ask what runs to end. */
@Command(name = "cancel", description = "Cancel what waits in a bundle, and ask what runs to end.")
final class BundlesCancelCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The bundle's id.")
    private UUID id;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    BundlesCancelCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            Bundle bundle = client.cancelBundle(id);
            if (json.wanted()) {
                Json.print(shell.out(), BundleJson.bundle(bundle));
            } else {
                shell.out()
                        .println(id + " canceled " + bundle.counts().canceled() + ", unfinished "
                                + bundle.counts().unfinished());
            }
            return Exit.OK;
        }
    }
}
