package dev.pulse.storepostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every statement that Pulse sends, each in the file of its name. The files run as they are in psql, with {@code \set} for
 * the parameters and the schema called pulse.
 */
enum Statement {
    JOB_INSERT,
    JOB_KNOWN,
    KEY_TAKE,
    KEY_HOLDER,
    KEY_SPENT,
    KEY_TAKEOVER,
    JOB_CLAIM,
    JOB_CLAIM_LIMITED,
    LIMIT_HOLD,
    LIMIT_SEED,
    LIMIT_COUNT,
    LIMIT_NOTE,
    TURN_LOCK,
    TURN_STATE,
    ATTEMPT_END,
    ATTEMPT_FIND,
    JOB_PROMOTE,
    DUE_NEXT,
    JOB_CANCEL,
    CANCEL_ASK,
    JOB_LOCK,
    JOB_STATUS,
    JOB_REQUEUE,
    JOB_DELETE,
    JOB_FIND,
    ATTEMPT_LIST,
    JOB_LIST,
    JOB_LIST_DUE,
    JOB_LIST_DEAD,
    JOB_LIST_RUNNING,
    JOB_LIST_TURN,
    JOB_LIST_COMPLETED,
    JOB_LIST_CANCELED,
    JOB_LIST_BUNDLE,
    JOB_FINISHED,
    STANDING_JOB,
    STANDING_SWITCHES,
    STANDING_WORKERS,
    JOB_COUNTS,
    OLDEST_PENDING,
    ROLLUP_LOCK,
    ROLLUP_FOLD,
    ROLLUP_FORGET,
    DAY_OLDEST,
    DAY_CLOSE,
    DAY_STAY,
    DAY_HOLD,
    DAY_MOVE,
    DAY_REST,
    DAY_BUSY,
    DAY_DROP,
    OTHER_LOOK,
    OTHER_HOLD,
    OTHER_REMOVE,
    KEY_FORGET,
    THROUGHPUT,
    BULK_FACTS,
    BULK_DUE,
    BULK_DEAD,
    BULK_TURN,
    BULK_COUNT,
    OPERATION_ADD,
    OPERATION_FORGET,
    OPERATION_NEXT,
    OPERATION_MOVE,
    OPERATION_POSTPONE,
    OPERATION_STOP,
    OPERATION_FIND,
    AUDIT_ADD,
    AUDIT_FORGET,
    AUDIT_LIST,
    LANE_LIST,
    LANE_ADD,
    SESSION_OPEN,
    SESSION_ALIVE,
    SESSION_BEAT,
    SESSION_CLOSE,
    SESSION_FIND,
    SESSION_LIST,
    SESSION_LAPSE,
    SESSION_TURNS,
    SESSION_FORGET,
    CANCEL_LIST,
    CANCEL_FORGET,
    SERVER_BEAT,
    SERVER_FORGET,
    SERVER_LEAVE,
    SERVER_LIST,
    LEADER_TAKE,
    FLOOR_RAISE,
    SWITCH_LIST,
    SWITCH_VERSION,
    SWITCH_FIND,
    SWITCH_PUT,
    SWITCH_DROP,
    LIMITED_DROP,
    LINE_COUNTS,
    LINE_OLDEST,
    NOTE_ADD,
    NOTE_FIND,
    LOG_LIST,
    NOTE_TIDY,
    CLOCK,
    DAY_BOUNDS,
    DAY_EXTEND,
    EVENT_READ,
    FEED_END,
    FEED_SHIFT,
    FEED_NEWEST,
    FEED_DROP,
    SUBSCRIPTION_ADD,
    SUBSCRIPTION_LIST,
    SUBSCRIPTION_REMOVE,
    SUBSCRIPTION_WORK,
    SUBSCRIPTION_LOCK,
    SUBSCRIPTION_MOVE,
    DELIVERY_ADD,
    DELIVERY_READY,
    DELIVERY_TAKE,
    DELIVERY_SETTLE,
    DELIVERY_DROP,
    DELIVERY_FIND,
    DELIVERY_MOVE,
    PARKED_ADD,
    PARKED_LIST,
    PARKED_RELEASE,
    HOME,
    TURN_SEIZE,
    SESSION_UNSWEEP,
    TRANSACTION_FATES,
    TRANSACTION_ID,
    BUNDLE_INSERT,
    BUNDLE_KNOWN,
    BUNDLE_FIND,
    BUNDLE_LIST,
    BUNDLE_QUEUES,
    BUNDLE_CALLBACK_LIST,
    BUNDLE_FINISHED,
    BUNDLE_TREE,
    BUNDLE_MEMBER,
    BUNDLE_DELETE,
    BUNDLE_DIRTY,
    BUNDLE_LOCK,
    BUNDLE_FOLD,
    BUNDLE_SETTLE,
    BUNDLE_CALL,
    BUNDLE_CALLED,
    JOB_LIST_SCHEDULE,
    SCHEDULE_ADD,
    SCHEDULE_PUT,
    SCHEDULE_FIND,
    SCHEDULE_HOLD,
    SCHEDULE_LIST,
    SCHEDULE_DROP,
    SCHEDULE_DUE,
    SCHEDULE_BEFORE,
    SCHEDULE_MOVE,
    SCHEDULE_PARK,
    SCHEDULE_NEXT,
    SCHEDULE_COUNT,
    SCHEDULE_ZONES,
    SCHEDULE_DECLARED,
    SCHEDULE_FORGET,
    OCCURRENCE_ADD,
    OCCURRENCE_LIST,
    VITALS,
    VITALS_TABLES,
    DEAD_UNREADABLE,
    API_KEY_ADD,
    API_KEY_FIND,
    API_KEY_LIST,
    API_KEY_REVOKE,
    API_KEY_USED,
    API_KEY_FORGET,
    SIGN_IN_FAILURES,
    SIGN_IN_FAIL,
    SIGN_IN_FORGET;

    /** Apart from the constants, which are made before an enum's own static fields. */
    private static final class Syntax {
        static final Pattern COMMENT = Pattern.compile("--[^\n]*");
        /** A parameter, but neither a cast nor the second colon of one. */
        static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");

        static final Pattern SCHEMA = Pattern.compile("\\bpulse\\.");
    }

    private final String text;
    private final List<String> parameters;

    Statement() {
        String source = Syntax.COMMENT.matcher(read("sql/" + fileName())).replaceAll("");
        List<String> names = new ArrayList<>();
        Matcher matcher = Syntax.PARAMETER.matcher(source);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        this.text = matcher.replaceAll("?").strip();
        this.parameters = List.copyOf(names);
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".sql";
    }

    /** The text with a question mark per parameter, in the given schema. */
    String text(String schema) {
        return inSchema(text, schema);
    }

    /** The name of each question mark, in order; a name may stand more than once. */
    List<String> parameters() {
        return parameters;
    }

    static String inSchema(String sql, String schema) {
        return schema.equals("pulse") ? sql : Syntax.SCHEMA.matcher(sql).replaceAll(schema + ".");
    }

    static String read(String resource) {
        try (InputStream in = Statement.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing on the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
