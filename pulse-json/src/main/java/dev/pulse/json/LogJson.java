package dev.pulse.json;

import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import org.jspecify.annotations.Nullable;

/** What attempts told of themselves as JSON. */
public final class LogJson {
    private LogJson() {}

    /**
     * {@code {"items": [{n, attempt, at, level, message}], "next_cursor", "lost", "progress", "progress_text"}}, oldest
     * first. The cursor is there also after the last line, because a running job may write more.
     *
     * @param after what was asked for
     */
    public static byte[] log(JobLog log, long after) {
        return Out.object(out -> {
            out.objects("items", log.lines(), (item, line) -> {
                item.number("n", line.n());
                item.number("attempt", line.attempt());
                item.instant("at", line.at());
                item.text("level", line.level().wireName());
                item.text("message", line.message());
            });
            long last = log.lines().isEmpty() ? after : log.lines().getLast().n();
            out.text("next_cursor", Long.toString(last));
            out.number("lost", log.lost());
            progress(out, log.progress());
        });
    }

    static void progress(Out out, @Nullable JobProgress progress) {
        if (progress == null) {
            out.nothing("progress");
        } else {
            out.number("progress", progress.percent());
        }
        out.text("progress_text", progress == null ? null : progress.text());
    }
}
