package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.BundleJson;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One page of bundles, newest first. */
@Command(name = "list", description = "List bundles, newest first.")
final class BundlesListCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            completionCandidates = Candidates.BundleStatuses.class,
            description = "open, completed, failed or canceled.")
    private @Nullable BundleStatus status;

    @Option(names = "--type", paramLabel = "TYPE", description = "Bundles of this type.")
    private @Nullable String type;

    @Option(names = "--origin", paramLabel = "TEXT", description = "Bundles of this origin.")
    private @Nullable String origin;

    @Option(names = "--parent", paramLabel = "ID", description = "Bundles in this bundle.")
    private @Nullable UUID parent;

    @Option(names = "--since", paramLabel = "TIME", description = "Submitted at or after, RFC 3339.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Submitted before, RFC 3339.")
    private @Nullable Instant until;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
    private @Nullable String cursor;

    BundlesListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            BundleFilter filter = new BundleFilter(status, type, origin, parent, since, until);
            BundlePage page = client.listBundles(filter, limit, cursor);
            if (json.wanted()) {
                Json.print(shell.out(), BundleJson.page(page));
            } else {
                print(page);
            }
            return Exit.OK;
        }
    }

    private void print(BundlePage page) {
        Table table =
                new Table("ID", "TYPE", "STATUS", "TOTAL", "UNFINISHED", "COMPLETED", "DEAD", "CANCELED", "SUBMITTED");
        for (Bundle bundle : page.items()) {
            BundleCounts counts = bundle.counts();
            table.row(
                    bundle.id(),
                    bundle.type(),
                    bundle.status().wireName(),
                    counts.total(),
                    counts.unfinished(),
                    counts.completed(),
                    counts.deadLettered(),
                    counts.canceled(),
                    bundle.createdAt().truncatedTo(ChronoUnit.SECONDS));
        }
        table.print(shell);
        if (page.nextCursor() != null) {
            shell.out().flush();
            shell.err().println("pulse: more with --cursor " + page.nextCursor());
        }
    }
}
