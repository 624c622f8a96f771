package dev.pulse.model;

import dev.pulse.model.WaitReason.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says why a job waits: all that holds it, the surest first. Pure. */
public final class Explanation {
    private final Standing job;
    private final List<WaitReason> reasons = new ArrayList<>();

    private Explanation(Standing job) {
        this.job = job;
    }

    /** The reasons, in the order of their codes; never empty. */
    public static List<WaitReason> of(Standing job) {
        Explanation explanation = new Explanation(job);
        explanation.moment();
        job.settings().forEach(explanation::pause);
        if (job.status() == JobStatus.PENDING) {
            job.settings().forEach(explanation::limit);
            job.settings().forEach(explanation::rate);
            explanation.workers();
            explanation.line();
        }
        return List.copyOf(explanation.reasons);
    }

    private void moment() {
        Instant until = job.runAt();
        if (until == null) {
            return;
        }
        if (!until.isAfter(job.now())) {
            add(Code.DUE, "it was due at " + shown(until) + " and becomes ready in a moment", null, null, until, null);
        } else if (job.status() == JobStatus.RETRYING) {
            add(
                    Code.BACKOFF,
                    "attempt " + job.attempt() + " failed; it is tried again at " + shown(until),
                    null,
                    null,
                    until,
                    (long) job.attempt());
        } else {
            add(Code.RUN_AT, "it is scheduled for " + shown(until), null, null, until, null);
        }
    }

    private void pause(Setting setting) {
        Pause pause = setting.pause();
        if (pause == null) {
            return;
        }
        Code code = switch (setting.scope().kind()) {
            case DISPATCH -> Code.DISPATCH_PAUSED;
            case QUEUE -> Code.QUEUE_PAUSED;
            case TYPE -> Code.TYPE_PAUSED;
        };
        String why = pause.reason() == null ? "" : ": " + pause.reason();
        String what = setting.scope() + " has been paused since " + shown(pause.since()) + " by " + pause.by() + why;
        add(code, what, setting.scope(), pause, null, null);
    }

    private void limit(Setting setting) {
        Integer most = setting.limits().maxRunning();
        Standing.Use use = job.uses().get(setting.scope());
        if (most != null && use != null && use.running() >= most) {
            add(
                    isQueue(setting) ? Code.QUEUE_LIMIT : Code.TYPE_LIMIT,
                    setting.scope() + " runs " + use.running() + " jobs and may run " + most + " at once",
                    setting.scope(),
                    null,
                    null,
                    use.running());
        }
    }

    private void rate(Setting setting) {
        Double rate = setting.limits().rate();
        Standing.Use use = job.uses().get(setting.scope());
        if (rate != null && use != null && use.tokens() < 1) {
            Duration wait = setting.limits().untilNext(use.tokens());
            add(
                    isQueue(setting) ? Code.QUEUE_RATE : Code.TYPE_RATE,
                    setting.scope() + " may start " + rate + " jobs a second; the next one in "
                            + Durations.format(wait.plusMillis(1).truncatedTo(ChronoUnit.MILLIS)),
                    setting.scope(),
                    null,
                    job.now().plus(wait),
                    null);
        }
    }

    private static boolean isQueue(Setting setting) {
        return setting.scope().kind() == Scope.Kind.QUEUE;
    }

    private void workers() {
        Standing.Workers workers = job.workers();
        String type = job.line().type();
        if (workers.ofType() == 0) {
            add(Code.NO_WORKER, "no live worker serves type " + type, null, null, null, null);
        } else if (workers.sessions() == 0) {
            String what = workers.ofType() == 1 ? "the worker that serves type " : "the workers that serve type ";
            add(
                    Code.NO_WORKER_FOR_QUEUE,
                    what + type + (workers.ofType() == 1 ? " does not take" : " do not take") + " from queue "
                            + job.line().queue(),
                    null,
                    null,
                    null,
                    (long) workers.ofType());
        } else if (workers.busy() >= workers.slots()) {
            add(
                    Code.NO_FREE_SLOT,
                    "all " + workers.slots() + " slots of the workers that serve it (" + workers.sessions()
                            + ") are taken",
                    null,
                    null,
                    null,
                    workers.busy());
        }
    }

    private void line() {
        if (job.line().suspect()) {
            add(
                    Code.SUSPECT,
                    "its last two attempts lost their worker: it runs only where no other such job does",
                    null,
                    null,
                    null,
                    null);
        }
        long before = job.line().before();
        add(
                Code.POSITION,
                before == 0
                        ? "it is the next of its queue, type and priority"
                        : (before > Standing.MOST_BEFORE ? "more than " + Standing.MOST_BEFORE : before)
                                + (before == 1 ? " job" : " jobs")
                                + " of the same queue, type and priority "
                                + (before == 1 ? "goes" : "go") + " first",
                null,
                null,
                null,
                Math.min(before, Standing.MOST_BEFORE));
    }

    private static String shown(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void add(
            Code code,
            String message,
            @Nullable Scope scope,
            @Nullable Pause pause,
            @Nullable Instant until,
            @Nullable Long count) {
        reasons.add(new WaitReason(code, message, scope, pause, until, count));
    }
}
