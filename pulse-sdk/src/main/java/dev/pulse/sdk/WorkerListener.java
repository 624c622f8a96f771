package dev.pulse.sdk;

import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.ScheduleInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Is told what a worker does. Must not block; what it throws is ignored. */
public interface WorkerListener {
    /** The session stands; also after each reconnect. */
    default void connected(UUID session) {}

    default void disconnected(UUID session, PulseException cause) {}

    /** The session is over and a new one follows; its handlers were told to stop. */
    default void sessionEnded(UUID session, String reason) {}

    default void started(JobContext job) {}

    /** The handler threw, or its payload could not be read; {@link #ended} follows with the outcome. */
    default void threw(JobContext job, Throwable thrown) {}

    /** The report was answered; only {@code APPLIED} means that the outcome counts. */
    default void ended(JobContext job, Outcome outcome, ReportAnswer answer) {}

    /**
     * What a handler did will never count, because the lease was lost or the attempt was ended without it.
     *
     * @param outcome what the handler said, or null when it was told to stop and has not ended yet
     */
    default void dropped(JobContext job, @Nullable Outcome outcome, String why) {}

    /** Schedules that this application declared before and does not declare any more. They go on until a person decides. */
    default void schedulesMissing(List<ScheduleInfo> missing) {}

    /** The schedules could not be declared at the start, because the other side is away; it is asked again until it answers. */
    default void schedulesWaiting(PulseException cause) {}

    /**
     * The other side came back after the start and refused the schedules. The worker works on; what was stored of schedules
     * before stays as it was.
     */
    default void schedulesRefused(PulseException reason) {}

    /** A Pulse was closed that had been given these schedules, and was never started: they do not exist. */
    default void schedulesNeverDeclared(List<String> names) {}
}
