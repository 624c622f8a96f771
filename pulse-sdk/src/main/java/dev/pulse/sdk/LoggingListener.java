package dev.pulse.sdk;

import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what a person has to know to the JDK's logger, which every logging library takes over. */
final class LoggingListener implements WorkerListener {
    private final Logger log;

    LoggingListener(Logger log) {
        this.log = log;
    }

    @Override
    public void connected(UUID session) {
        log.log(Level.INFO, "connected: session={0}", session);
    }

    @Override
    public void disconnected(UUID session, PulseException cause) {
        log.log(Level.WARNING, "connection lost, connecting again: session={0} {1}", session, cause.getMessage());
    }

    @Override
    public void sessionEnded(UUID session, String reason) {
        log.log(Level.WARNING, "session ended, opening a new one: session={0} {1}", session, reason);
    }

    @Override
    public void ended(JobContext job, Outcome outcome, ReportAnswer answer) {
        if (answer != ReportAnswer.APPLIED) {
            log.log(
                    Level.WARNING,
                    "late result refused ({0}): job={1} attempt={2} outcome={3}",
                    answer.wireName(),
                    job.id(),
                    job.attempt(),
                    outcome.kind().wireName());
        }
    }

    @Override
    public void dropped(JobContext job, @Nullable Outcome outcome, String why) {
        String said = outcome == null ? "still running" : outcome.kind().wireName();
        log.log(Level.WARNING, "result dropped, {0}: job={1} attempt={2} {3}", why, job.id(), job.attempt(), said);
    }
}
