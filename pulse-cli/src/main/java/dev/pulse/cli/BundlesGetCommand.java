package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.BundleJson;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One bundle with its counts and callbacks. */
@Command(name = "get", description = "Show a bundle and how far it is.")
final class BundlesGetCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The bundle's id.")
    private UUID id;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    BundlesGetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            Bundle bundle = client.findBundle(id)
                    .orElseThrow(() -> new PulseException(ErrorCode.BUNDLE_NOT_FOUND, "no bundle " + id));
            if (json.wanted()) {
                Json.print(shell.out(), BundleJson.bundle(bundle));
            } else {
                print(bundle);
            }
            return Exit.OK;
        }
    }

    private void print(Bundle bundle) {
        BundleCounts counts = bundle.counts();
        line("id", bundle.id());
        line("type", bundle.type());
        line("status", bundle.status().wireName());
        line("origin", bundle.origin());
        line("in bundle", bundle.parentId());
        line("members", counts.total());
        line("unfinished", counts.unfinished());
        line("completed", counts.completed());
        line("dead", counts.deadLettered());
        line("canceled", counts.canceled());
        line("submitted", bundle.createdAt());
        line("finished", bundle.finishedAt());
        for (Bundle.Callback callback : bundle.callbacks()) {
            line(
                    callback.event().field(),
                    callback.type() + " "
                            + (callback.submittedAt() == null
                                    ? "not yet"
                                    : "job " + callback.jobId() + " at " + callback.submittedAt()));
        }
    }

    private void line(String name, @Nullable Object value) {
        if (value != null) {
            shell.out().printf("%-14s %s%n", name, Table.oneLine(value.toString()));
        }
    }
}
