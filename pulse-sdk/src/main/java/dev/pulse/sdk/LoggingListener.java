package dev.pulse.sdk;

import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.ScheduleInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
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

    @Override
    public void schedulesMissing(List<ScheduleInfo> missing) {
        missing.forEach(schedule -> log.log(
                Level.WARNING,
                "schedule {0} is not declared in the code any more and goes on; delete it, or declare it again: id={1}",
                schedule.spec().name(),
                schedule.id()));
    }

    @Override
    public void schedulesWaiting(PulseException cause) {
        log.log(Level.WARNING, "schedules are not declared yet, trying again: {0}", cause.getMessage());
    }

    @Override
    public void schedulesRefused(PulseException reason) {
        log.log(
                Level.ERROR,
                "the schedules in the code were refused, mend them and start again: {0}",
                reason.getMessage());
    }

    @Override
    public void schedulesNeverDeclared(List<String> names) {
        log.log(
                Level.WARNING,
                "these schedules were never declared, because this Pulse was closed without a start: {0}",
                String.join(", ", names));
    }
}
