package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.SwitchJson;
import dev.pulse.model.Pause;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about the switch of everything. */
@Command(
        name = "dispatch",
        description = "Pause and resume all work: submits land, running jobs finish, nothing starts.",
        synopsisSubcommandLabel = "COMMAND")
final class DispatchCommand {
    private DispatchCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("pause", () -> new PauseAll(shell))
                .with("resume", () -> new ResumeAll(shell))
                .with("status", () -> new Status(shell))
                .below(new DispatchCommand(), words);
    }

    /** What the three have in common: one call, and the switch as it stands. */
    abstract static class Act implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        Act(Shell shell) {
            this.shell = shell;
        }

        Integer show(Function<PulseClient, Setting> call) {
            try (PulseClient client = remote.connect(shell)) {
                Setting setting = call.apply(client);
                if (json.wanted()) {
                    Json.print(shell.out(), SwitchJson.dispatch(setting));
                } else {
                    print(shell, setting);
                }
                return Exit.OK;
            }
        }
    }

    /** Pauses everything. */
    @Command(name = "pause", description = "Start nothing any more until it is resumed, over any restart.")
    static final class PauseAll extends Act {
        @Option(
                names = {"-m", "--reason"},
                paramLabel = "REASON",
                description = "Why, for those who find it paused; at most " + Pause.MAX_REASON + " characters.")
        private @Nullable String reason;

        PauseAll(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return show(client -> client.pause(Scope.DISPATCH, reason));
        }
    }

    /** Resumes everything. */
    @Command(name = "resume", description = "Let work go on, best priority first.")
    static final class ResumeAll extends Act {
        ResumeAll(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return show(client -> client.resume(Scope.DISPATCH));
        }
    }

    /** Shows the switch. */
    @Command(name = "status", description = "Show whether work is paused, since when, by whom and why.")
    static final class Status extends Act {
        Status(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return show(PulseClient::dispatch);
        }
    }

    private static void print(Shell shell, Setting setting) {
        Pause pause = setting.pause();
        if (pause == null) {
            shell.out().println("dispatch: running");
            return;
        }
        shell.out().println(Table.oneLine("dispatch: paused since " + pause.since() + " by " + pause.by()));
        if (pause.reason() != null) {
            shell.out().println(Table.oneLine("reason: " + pause.reason()));
        }
    }
}
