package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.OperatorJson;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about what operators did. */
@Command(name = "audit", description = "Show what operators did.", synopsisSubcommandLabel = "COMMAND")
final class AuditCommand {
    private AuditCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new AuditCommand()).addSubcommand(new ListEntries(shell));
    }

    /** One page, newest first. */
    @Command(name = "list", description = "List what operators did, newest first.")
    static final class ListEntries implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Option(names = "--since", paramLabel = "TIME", description = "At or after, RFC 3339.")
        private @Nullable Instant since;

        @Option(names = "--until", paramLabel = "TIME", description = "Before, RFC 3339.")
        private @Nullable Instant until;

        @Option(names = "--target", paramLabel = "TARGET", description = "What was done to this id or name.")
        private @Nullable String target;

        @Option(names = "--actor", paramLabel = "NAME", description = "Acts of this user.")
        private @Nullable String actor;

        @Option(names = "--action", paramLabel = "ACTION", description = "For example job.cancel, bulk.requeue.")
        private @Nullable String action;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
        private int limit;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
        private @Nullable String cursor;

        ListEntries(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                AuditPage page = client.audit(new AuditFilter(since, actor, action, until, target), limit, cursor);
                if (json.wanted()) {
                    Json.print(shell.out(), OperatorJson.audit(page));
                } else {
                    print(page);
                }
                return Exit.OK;
            }
        }

        private void print(AuditPage page) {
            Table table = new Table("AT", "ACTOR", "FROM", "ACTION", "TARGET", "OUTCOME", "BEFORE", "AFTER");
            for (AuditEntry entry : page.items()) {
                table.row(
                        entry.at().truncatedTo(ChronoUnit.SECONDS),
                        entry.actor(),
                        entry.from(),
                        entry.action(),
                        entry.target(),
                        entry.outcome(),
                        shown(entry.before()),
                        shown(entry.after()));
            }
            table.print(shell);
            if (page.nextCursor() != null) {
                shell.out().flush();
                shell.err().println("pulse: more with --cursor " + page.nextCursor());
            }
        }

        private static String shown(Map<String, String> parts) {
            return parts.entrySet().stream()
                    .map(part -> part.getKey() + "=" + part.getValue())
                    .collect(Collectors.joining(" "));
        }
    }
}
