package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SwitchJson;
import dev.pulse.model.Durations;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands about queues, and the same about types. */
@Command(synopsisSubcommandLabel = "COMMAND")
final class LinesCommand {
    private LinesCommand() {}

    static CommandLine queues(Shell shell, Words words) {
        return of(shell, Scope.Kind.QUEUE, "queues", "Show, pause and limit queues.", words);
    }

    static CommandLine types(Shell shell, Words words) {
        return of(shell, Scope.Kind.TYPE, "types", "Show, pause and limit types of jobs.", words);
    }

    private static CommandLine of(Shell shell, Scope.Kind kind, String name, String description, Words words) {
        CommandLine line = new Branches()
                .with("list", () -> new ListLines(shell, kind))
                .with("pause", () -> new PauseLine(shell, kind))
                .with("resume", () -> new ResumeLine(shell, kind))
                .with("limit", () -> new LimitLine(shell, kind))
                .below(new LinesCommand(), words);
        line.getCommandSpec().name(name).usageMessage().description(description);
        return line;
    }

    /** One row a line. */
    @Command(name = "list", description = "List them with what waits, runs and is set.")
    static final class ListLines implements Callable<Integer> {
        private final Shell shell;
        private final Scope.Kind kind;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        ListLines(Shell shell, Scope.Kind kind) {
            this.shell = shell;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                List<LineInfo> lines = client.lines(kind);
                if (json.wanted()) {
                    Json.print(shell.out(), SwitchJson.lines(lines));
                } else {
                    print(lines);
                }
                return Exit.OK;
            }
        }

        private void print(List<LineInfo> lines) {
            Table table = new Table(
                    "NAME",
                    "STATE",
                    "PENDING",
                    "SCHEDULED",
                    "RUNNING",
                    "RETRYING",
                    "DEAD",
                    "OLDEST",
                    "MAX",
                    "RATE",
                    "REASON");
            for (LineInfo line : lines) {
                Pause pause = line.setting().pause();
                RunLimits limits = line.setting().limits();
                table.row(
                        line.setting().scope().name(),
                        pause == null ? "running" : "paused",
                        count(line, JobStatus.PENDING),
                        count(line, JobStatus.SCHEDULED),
                        count(line, JobStatus.RUNNING),
                        count(line, JobStatus.RETRYING),
                        count(line, JobStatus.DEAD_LETTERED),
                        age(line.oldestPending()),
                        limits.maxRunning() == null ? "-" : limits.maxRunning(),
                        limits.rate() == null ? "-" : shown(limits.rate()),
                        pause == null || pause.reason() == null ? "" : pause.reason());
            }
            table.print(shell);
        }

        private static long count(LineInfo line, JobStatus status) {
            return line.counts().getOrDefault(status, 0L);
        }

        private static String age(@Nullable Duration age) {
            return age == null ? "-" : Durations.format(age.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** What the acts have in common: the name, one call, and the line as it is set. */
    abstract static class Act implements Callable<Integer> {
        private final Shell shell;
        private final Scope.Kind kind;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Parameters(paramLabel = "NAME", description = "Its name; it need not have been seen before.")
        private String name = "";

        Act(Shell shell, Scope.Kind kind) {
            this.shell = shell;
            this.kind = kind;
        }

        abstract Setting on(PulseClient client, Scope scope);

        @Override
        public Integer call() {
            Scope scope = new Scope(kind, name);
            try (PulseClient client = remote.connect(shell)) {
                Setting setting = on(client, scope);
                if (json.wanted()) {
                    Json.print(shell.out(), SwitchJson.line(setting));
                } else {
                    shell.out().println(Table.oneLine(sentence(setting)));
                }
                return Exit.OK;
            }
        }
    }

    private static String sentence(Setting setting) {
        StringBuilder text = new StringBuilder(setting.scope().toString()).append(": ");
        Pause pause = setting.pause();
        text.append(pause == null ? "running" : "paused since " + pause.since() + " by " + pause.by());
        if (pause != null && pause.reason() != null) {
            text.append(" (").append(pause.reason()).append(')');
        }
        if (setting.limits().maxRunning() != null) {
            text.append(", at most ").append(setting.limits().maxRunning()).append(" at once");
        }
        if (setting.limits().rate() != null) {
            text.append(", at most ").append(shown(setting.limits().rate())).append(" starts a second");
        }
        return text.toString();
    }

    private static String shown(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    /** Pauses one. */
    @Command(name = "pause", description = "Start none of its jobs any more until it is resumed.")
    static final class PauseLine extends Act {
        @Option(
                names = {"-m", "--reason"},
                paramLabel = "REASON",
                description = "Why, for those who find it paused; at most " + Pause.MAX_REASON + " characters.")
        private @Nullable String reason;

        PauseLine(Shell shell, Scope.Kind kind) {
            super(shell, kind);
        }

        @Override
        Setting on(PulseClient client, Scope scope) {
            return client.pause(scope, reason);
        }
    }

    /** Resumes one. */
    @Command(name = "resume", description = "Let its jobs start again.")
    static final class ResumeLine extends Act {
        ResumeLine(Shell shell, Scope.Kind kind) {
            super(shell, kind);
        }

        @Override
        Setting on(PulseClient client, Scope scope) {
            return client.resume(scope);
        }
    }

    /** Limits one. */
    @Command(name = "limit", description = "Limit how many of its jobs run at once, and how many start a second.")
    static final class LimitLine extends Act {
        private static final String NONE = "none";

        @Spec
        private CommandSpec spec;

        @Option(
                names = "--max-running",
                paramLabel = "N|none",
                description = "How many may run at once over all servers; none takes the limit away.")
        private @Nullable String maxRunning;

        @Option(
                names = "--rate",
                paramLabel = "N|none",
                description = "How many may start a second over all servers, 0.5 for one in two seconds; none takes the"
                        + " limit away.")
        private @Nullable String rate;

        @SuppressWarnings("NullAway.Init") // picocli sets the spec
        LimitLine(Shell shell, Scope.Kind kind) {
            super(shell, kind);
        }

        @Override
        public Integer call() {
            if (change().isEmpty()) {
                throw new ParameterException(spec.commandLine(), "name --max-running, --rate or both");
            }
            return super.call();
        }

        @Override
        Setting on(PulseClient client, Scope scope) {
            return client.limit(scope, change());
        }

        private LimitChange change() {
            LimitChange change = LimitChange.none();
            try {
                if (maxRunning != null) {
                    change = change.maxRunning(maxRunning.equals(NONE) ? null : Integer.valueOf(maxRunning));
                }
                if (rate != null) {
                    change = change.rate(rate.equals(NONE) ? null : Double.valueOf(rate));
                }
            } catch (NumberFormatException e) {
                throw new ParameterException(
                        spec.commandLine(), "--max-running takes a whole number, --rate a number, both none", e);
            }
            return change;
        }
    }
}
