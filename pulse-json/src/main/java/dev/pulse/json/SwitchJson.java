package dev.pulse.json;

import dev.pulse.model.JobStatus;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.Setting;
import dev.pulse.model.WaitReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pauses, limits, and why jobs wait, as JSON. What is not set is null. */
public final class SwitchJson {
    /** Finished jobs are counted by {@code /stats}. */
    static final List<JobStatus> COUNTED = List.of(
            JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.RUNNING, JobStatus.RETRYING, JobStatus.DEAD_LETTERED);

    private SwitchJson() {}

    /** The switch of everything. */
    public static byte[] dispatch(Setting setting) {
        return Out.object(out -> pause(out, setting.pause()));
    }

    /** A queue or type as it is set. */
    public static byte[] line(Setting setting) {
        return Out.object(out -> write(out, setting));
    }

    /** All queues or types, with what waits and runs in them. */
    public static byte[] lines(List<LineInfo> lines) {
        return Out.page(lines, null, (out, line) -> {
            write(out, line.setting());
            COUNTED.forEach(
                    status -> out.number(status.wireName(), line.counts().getOrDefault(status, 0L)));
            if (line.oldestPending() == null) {
                out.nothing("oldest_pending_age_s");
            } else {
                out.seconds("oldest_pending_age_s", line.oldestPending());
            }
        });
    }

    private static void write(Out out, Setting setting) {
        out.text("name", setting.scope().name());
        pause(out, setting.pause());
        Integer maxRunning = setting.limits().maxRunning();
        if (maxRunning == null) {
            out.nothing("max_running");
        } else {
            out.number("max_running", maxRunning);
        }
        Double rate = setting.limits().rate();
        if (rate == null) {
            out.nothing("rate");
        } else {
            out.decimal("rate", rate);
        }
    }

    static void pause(Out out, @Nullable Pause pause) {
        out.bool("paused", pause != null);
        out.text("reason", pause == null ? null : pause.reason());
        out.text("by", pause == null ? null : pause.by());
        out.instant("since", pause == null ? null : pause.since());
    }

    /** What keeps a job waiting. */
    static void waiting(Out out, List<WaitReason> reasons) {
        out.objects("waiting", reasons, SwitchJson::write);
    }

    private static void write(Out out, WaitReason reason) {
        out.text("code", reason.code().wireName());
        out.text("message", reason.message());
        if (reason.scope() != null && !reason.scope().name().isEmpty()) {
            out.text("name", reason.scope().name());
        }
        if (reason.pause() != null) {
            out.text("reason", reason.pause().reason());
            out.text("by", reason.pause().by());
            out.instant("since", reason.pause().since());
        }
        if (reason.until() != null) {
            out.instant("until", reason.until());
        }
        if (reason.count() != null) {
            out.number("count", reason.count());
        }
    }
}
