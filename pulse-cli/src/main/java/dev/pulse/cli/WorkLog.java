package dev.pulse.cli;

import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.WorkerListener;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a shell worker tells the person who started it: one line on stderr for each thing worth knowing. */
final class WorkLog implements WorkerListener {
    private final Shell shell;
    private final String what;

    WorkLog(Shell shell, String what) {
        this.shell = shell;
        this.what = what;
    }

    @Override
    public void connected(UUID session) {
        say("working: " + what + ", session " + session);
    }

    @Override
    public void disconnected(UUID session, PulseException cause) {
        say("connection lost, connecting again: " + cause.getMessage());
    }

    @Override
    public void sessionEnded(UUID session, String reason) {
        say("session " + session + " ended, opening a new one: " + reason);
    }

    @Override
    public void ended(JobContext job, Outcome outcome, ReportAnswer answer) {
        String said = outcome.kind().wireName() + error(outcome);
        String stale = answer == ReportAnswer.APPLIED ? "" : " (refused as " + answer.wireName() + ")";
        say("job " + job.id() + " attempt " + job.attempt() + ": " + said + stale);
    }

    @Override
    public void dropped(JobContext job, @Nullable Outcome outcome, String why) {
        say("job " + job.id() + " attempt " + job.attempt() + ": result dropped, " + why);
    }

    private static String error(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Fail(var error) -> ": " + error.message();
            case Outcome.Timeout(var error) -> ": " + error.message();
            case Outcome.DeadLetter(var error) -> ": " + error.message();
            case Outcome.Retry retry ->
                retry.error() == null ? "" : ": " + retry.error().message();
            case Outcome.Ack done -> "";
            case Outcome.Drop done -> "";
            case Outcome.Snooze later -> "";
            case Outcome.Release back -> "";
            case Outcome.Canceled canceled -> "";
            case Outcome.Lapse lapsed -> "";
        };
    }

    private synchronized void say(String sentence) {
        shell.err().println("pulse: " + Table.oneLine(sentence));
        shell.err().flush();
    }
}
