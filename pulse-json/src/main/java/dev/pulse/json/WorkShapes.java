package dev.pulse.json;

import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import java.util.Arrays;

/** The shapes that workers over HTTP send and get. What a reader knows is what its shape names. */
public final class WorkShapes {
    private static final Schema TOKEN = Schema.text().says("as the claim gave it");

    public static final Schema SESSION_REQUEST = Schema.object()
            .may(
                    "worker",
                    Schema.text().with("maxLength", SessionSpec.MAX_WORKER).says("a name for people"))
            .has("types", Schema.list(JobShapes.NAME).with("minItems", 1).with("maxItems", SessionSpec.MAX_NAMES))
            .may(
                    "queues",
                    Schema.list(JobShapes.NAME)
                            .with("maxItems", SessionSpec.MAX_NAMES)
                            .says("all where there are none"))
            .may("lease_ttl", JobShapes.DURATION.says("1s to 1h; 30s where it is left out"))
            .may("slots", Schema.whole(1, SessionSpec.MAX_SLOTS).says("how many jobs it runs at once, for people"))
            .closed()
            .named("SessionRequest");

    public static final Schema SESSION = Schema.object()
            .has("session_id", JobShapes.ID)
            .has("lease_ttl_s", Schema.number())
            .named("Session");

    public static final Schema CLAIM = Schema.object()
            .may("max", Schema.whole(1, ClaimRequest.MAX).says("one where it is left out"))
            .may("wait", JobShapes.DURATION.says("how long to wait for the first job, at most 30s"))
            .closed()
            .named("ClaimRequest");

    public static final Schema CLAIMED =
            Schema.object().has("jobs", Schema.list(JobShapes.ASSIGNMENT)).named("Claimed");

    static final Schema LINE = Schema.object()
            .may("level", Schema.oneOf(LogLevel.values(), LogLevel::wireName))
            .may("message", Schema.text())
            .may("age", JobShapes.DURATION.says("how long ago it was written"))
            .closed()
            .named("NoteLine");

    static final Schema NOTE = Schema.object()
            .has("id", JobShapes.ID)
            .has("token", TOKEN)
            .may("percent", Schema.whole(0, 100))
            .may("text", Schema.text())
            .may("lines", Schema.list(LINE).with("maxItems", Note.MAX_LINES))
            .may("lost", Schema.whole(0, Integer.MAX_VALUE))
            .closed()
            .named("Note");

    public static final Schema HEARTBEAT = Schema.object()
            .may(
                    "held",
                    Schema.list(TOKEN)
                            .with("maxItems", RequestReader.MAX_HELD)
                            .says("all that it holds; what is named in no heartbeat is handed back"))
            .may(
                    "notes",
                    Schema.list(NOTE).with("maxItems", RequestReader.MAX_HELD).says("progress and log lines"))
            .closed()
            .named("HeartbeatRequest");

    public static final Schema HEARTBEAT_ANSWER = Schema.object()
            .has("cancel", Schema.list(JobShapes.ID).says("jobs to stop"))
            .has("drain", Schema.flag().says("whether the server leaves"))
            .named("HeartbeatAnswer");

    static final Schema ERROR = Schema.object()
            .may("type", Schema.text())
            .may("message", Schema.text())
            .may("stack", Schema.text())
            .closed()
            .named("ReportedError");

    static final Schema REPORT = Schema.object()
            .has("id", JobShapes.ID)
            .has("token", TOKEN)
            .has(
                    "outcome",
                    Schema.oneOf(Arrays.stream(OutcomeKind.values())
                            .filter(kind -> kind != OutcomeKind.LAPSE)
                            .map(OutcomeKind::wireName)
                            .toList()))
            .may("after", JobShapes.DURATION.says("of retry and snooze"))
            .may("reason", Schema.text())
            .may("result", Schema.ANY.says("of ack: any JSON value"))
            .may("error", Schema.either(ERROR, Schema.text()))
            .closed()
            .named("Report");

    public static final Schema REPORTS = Schema.object()
            .has("reports", Schema.list(REPORT).with("maxItems", RequestReader.MAX_HELD))
            .closed()
            .named("ReportRequest");

    public static final Schema REPORTED = Schema.object()
            .has(
                    "items",
                    Schema.list(Schema.object()
                            .has("id", JobShapes.ID)
                            .has("answer", Schema.oneOf(ReportAnswer.values(), ReportAnswer::wireName))
                            .named("ReportAnswer")))
            .named("Reported");

    private WorkShapes() {}
}
