package dev.pulse.cli;

import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which jobs a command is about. */
final class Filter {
    @Option(
            names = "--status",
            paramLabel = "STATUS",
            completionCandidates = Candidates.JobStatuses.class,
            description = "scheduled, pending, running, retrying, …")
    private @Nullable JobStatus status;

    @Option(
            names = {"--type", "--topic"},
            paramLabel = "TYPE",
            description = "Jobs of this type.")
    private @Nullable String type;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Jobs of this queue.")
    private @Nullable String queue;

    @Option(names = "--tag", paramLabel = "K=V", description = "Jobs with this tag; repeat for several.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--origin", paramLabel = "TEXT", description = "Jobs of this origin.")
    private @Nullable String origin;

    @Option(names = "--q", paramLabel = "TEXT", description = "Jobs whose last error holds this text.")
    private @Nullable String text;

    @Option(names = "--since", paramLabel = "TIME", description = "Submitted at or after, RFC 3339.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Submitted before, RFC 3339.")
    private @Nullable Instant until;

    @Option(names = "--bundle", paramLabel = "ID", description = "Members of this bundle.")
    private @Nullable UUID bundle;

    @Option(names = "--schedule", paramLabel = "ID", description = "Made by this schedule.")
    private @Nullable UUID schedule;

    JobFilter value() {
        return new JobFilter(status, type, queue, tags, origin, text, since, until, bundle, schedule);
    }
}
