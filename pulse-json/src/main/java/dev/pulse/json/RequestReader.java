package dev.pulse.json;

import dev.pulse.model.AttemptError;
import dev.pulse.model.BulkAction;
import dev.pulse.model.Durations;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of all calls but submissions, as strictly. Runs on the caller's thread; no state. */
public final class RequestReader {
    /** Most jobs that one heartbeat or report names. */
    public static final int MAX_HELD = 10_000;

    static final int MAX_RATE = 100_000;

    private static final Set<String> BULK = SystemShapes.BULK.names();
    private static final Set<String> SESSION = WorkShapes.SESSION_REQUEST.names();
    private static final Set<String> CLAIM = WorkShapes.CLAIM.names();
    private static final Set<String> HEARTBEAT = WorkShapes.HEARTBEAT.names();
    private static final Set<String> REPORTS = WorkShapes.REPORTS.names();
    private static final Set<String> REPORT = WorkShapes.REPORT.names();
    private static final Set<String> ERROR = WorkShapes.ERROR.names();
    private static final Set<String> FILTER = SystemShapes.FILTER.names();
    private static final Set<String> DEAD_RETRY = SystemShapes.DEAD_RETRY.names();
    private static final String DEFAULT_WORKER = "http-worker";
    private static final byte[] EMPTY_OBJECT = {'{', '}'};
    /** Stands for a token that no claim ever gave: reported like one that is over. */
    private static final LeaseToken NEVER_GIVEN = new LeaseToken(0, 0, new UUID(0, 0));

    private RequestReader() {}

    /** {@code {"action", "filter", "dry_run", "all", "rate"}}; a filter that may mean every job is refused without all. */
    public static BulkRequest bulk(byte[] body) {
        Faults faults = new Faults();
        BulkFields fields = new BulkFields();
        Envelope.read(body, BULK, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "action" -> in.text(text -> fields.action = action(text, faults));
                    case "filter" -> fields.filter = filter(in, FILTER, faults);
                    case "dry_run" -> in.bool(value -> fields.dryRun = value);
                    case "all" -> in.bool(value -> fields.all = value);
                    case "rate" -> in.integer(1, MAX_RATE, value -> fields.rate = value);
                    default -> throw new AssertionError(field);
                }
            }
            requireSeen(in, faults, "action", "filter");
            return fields;
        });
        if (!fields.all && !fields.filter.isNarrow() && faults.isClean()) {
            faults.invalid(
                    "filter",
                    "must not be empty; name at least a status or a type, or say \"all\": true for every job");
        }
        faults.raise();
        return fields.request();
    }

    private static final class BulkFields {
        private BulkAction action = BulkAction.REQUEUE;
        private JobFilter filter = JobFilter.ALL;
        private boolean dryRun;
        private boolean all;
        private @Nullable Integer rate;

        BulkRequest request() {
            return new BulkRequest(action, filter, dryRun, all, rate);
        }
    }

    /** Which dead letters to retry; none named means all of them. Beside the filter {@code "dry_run"} and {@code "rate"}. */
    public static BulkRequest deadLetters(byte[] body) {
        Faults faults = new Faults();
        FilterFields filter = new FilterFields(faults);
        BulkFields fields = new BulkFields();
        Envelope.read(orEmpty(body), DEAD_RETRY, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "dry_run" -> in.bool(value -> fields.dryRun = value);
                    case "rate" -> in.integer(1, MAX_RATE, value -> fields.rate = value);
                    default -> put(filter, field, in);
                }
            }
            return in;
        });
        fields.filter = filter.filter().withStatus(JobStatus.DEAD_LETTERED);
        faults.raise();
        return fields.request();
    }

    /** Refuses a body where a route takes none but an empty object. */
    public static void nothing(byte[] body) {
        Faults faults = new Faults();
        Envelope.read(orEmpty(body), Set.of(), faults, in -> {
            in.next();
            return in;
        });
        faults.raise();
    }

    /** {@code {"worker", "types", "queues", "lease_ttl"}} of a session with that id. */
    public static SessionSpec session(byte[] body, UUID id) {
        Faults faults = new Faults();
        SessionFields fields = new SessionFields();
        Envelope.read(body, SESSION, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "worker" -> in.text(text -> fields.worker = text);
                    case "types" -> in.list(SessionSpec.MAX_NAMES, names -> fields.types = new LinkedHashSet<>(names));
                    case "queues" ->
                        in.list(SessionSpec.MAX_NAMES, names -> fields.queues = new LinkedHashSet<>(names));
                    case "slots" -> in.integer(1, SessionSpec.MAX_SLOTS, value -> fields.slots = value);
                    case "lease_ttl" -> in.duration(value -> fields.lease = value);
                    default -> throw new AssertionError(field);
                }
            }
            return fields;
        });
        SessionSpec spec;
        try {
            spec = new SessionSpec(id, fields.worker, fields.types, fields.queues, fields.slots, fields.lease);
        } catch (PulseException e) {
            e.violations().forEach(fault -> faults.invalid(fault.field(), fault.message()));
            throw faults.refusal(faults.invalid(), e.code());
        }
        faults.raise();
        return spec;
    }

    private static final class SessionFields {
        private String worker = DEFAULT_WORKER;
        private Set<String> types = Set.of();
        private Set<String> queues = Set.of();
        private int slots = 1;
        private Duration lease = SessionSpec.DEFAULT_LEASE;
    }

    /** {@code {"max", "wait"}}; one job and no waiting where they are left out. */
    public static ClaimRequest claim(byte[] body) {
        Faults faults = new Faults();
        int[] max = {1};
        Duration[] wait = {Duration.ZERO};
        Envelope.read(orEmpty(body), CLAIM, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "max" -> in.integer(1, ClaimRequest.MAX, value -> max[0] = value);
                    case "wait" -> in.duration(value -> wait[0] = value);
                    default -> throw new AssertionError(field);
                }
            }
            return in;
        });
        if (wait[0].compareTo(ClaimRequest.MAX_PATIENCE) > 0) {
            faults.invalid("wait", "0s to 30s are allowed, got " + Durations.format(wait[0]));
        }
        faults.raise();
        return new ClaimRequest(max[0], wait[0]);
    }

    /**
     * {@code {"held": [tokens], "notes": [...]}}. Empty where the worker does not say what it holds: an empty list says
     * that it holds nothing, and all would be handed back.
     */
    public static BeatRequest heartbeat(byte[] body) {
        Faults faults = new Faults();
        Set<LeaseToken> held = new HashSet<>();
        List<Note> notes = new ArrayList<>();
        boolean said = Envelope.read(orEmpty(body), HEARTBEAT, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                if (field.equals("notes")) {
                    notes.addAll(NoteReader.read(in, faults));
                } else {
                    in.list(
                            MAX_HELD,
                            tokens -> tokens.forEach(text -> LeaseToken.parse(text)
                                    .ifPresentOrElse(
                                            held::add, () -> faults.invalid("held", "not a token that a claim gave"))));
                }
            }
            return in.saw("held");
        });
        faults.raise();
        return new BeatRequest(said ? Optional.of(held) : Optional.empty(), notes);
    }

    /**
     * {@code {"reports": [...]}}. What is no token at all is answered like a stale one: to a worker tokens are opaque. A
     * result beyond the limit turns its attempt into a failure that says so: refusing the call would leave the worker with
     * a report that it could only repeat for ever.
     */
    public static List<Report> reports(byte[] body, Limits limits) {
        Faults faults = new Faults();
        List<Report> reports = new ArrayList<>();
        Envelope.read(body, REPORTS, faults, in -> {
            for (String field = in.next(); field != null; field = in.next()) {
                int[] index = {0};
                in.each(MAX_HELD, () -> {
                    ReportFields fields = new ReportFields(faults.under("reports[" + index[0]++ + "]."), limits);
                    ObjectReader item = in.object(REPORT);
                    if (item != null) {
                        report(item, fields);
                        reports.add(fields.report());
                    }
                });
            }
            requireSeen(in, faults, "reports");
            return in;
        });
        faults.raise();
        return reports;
    }

    private static void report(ObjectReader in, ReportFields fields) {
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "id" -> in.id(value -> fields.id = value);
                case "token" ->
                    in.text(text -> fields.token = LeaseToken.parse(text).orElse(NEVER_GIVEN));
                case "outcome" -> in.text(fields::outcome);
                case "after" -> in.duration(value -> fields.after = value);
                case "reason" -> in.text(text -> fields.reason = text);
                case "result" -> fields.result = Payload.of(in.raw(), Payload.JSON);
                case "error" -> error(in, fields);
                default -> throw new AssertionError(field);
            }
        }
        requireSeen(in, fields.faults, "id", "token", "outcome");
    }

    private static void error(ObjectReader in, ReportFields fields) {
        if (in.isText()) {
            in.text(text -> fields.error = AttemptError.of("Error", text));
            return;
        }
        ObjectReader error = in.object(ERROR);
        if (error == null) {
            return;
        }
        ErrorFields parts = new ErrorFields();
        for (String field = error.next(); field != null; field = error.next()) {
            switch (field) {
                case "type" -> error.text(text -> parts.type = text);
                case "message" -> error.text(text -> parts.message = text);
                case "stack" -> error.text(text -> parts.stack = text);
                default -> throw new AssertionError(field);
            }
        }
        fields.error = new AttemptError(parts.type, parts.message, parts.stack);
    }

    private static final class ErrorFields {
        private String type = "Error";
        private String message = "";
        private @Nullable String stack;
    }

    /** One report being read. */
    private static final class ReportFields {
        private final Faults faults;
        private final Limits limits;
        private UUID id = new UUID(0, 0);
        private LeaseToken token = NEVER_GIVEN;
        private OutcomeKind kind = OutcomeKind.ACK;
        private @Nullable Duration after;
        private @Nullable String reason;
        private @Nullable Payload result;
        private @Nullable AttemptError error;

        ReportFields(Faults faults, Limits limits) {
            this.faults = faults;
            this.limits = limits;
        }

        void outcome(String text) {
            OutcomeKind.fromWire(text)
                    .filter(said -> said != OutcomeKind.LAPSE)
                    .ifPresentOrElse(
                            said -> kind = said,
                            () -> faults.invalid(
                                    "outcome",
                                    "one of " + allowed() + " is expected, got \"" + Shown.text(text) + "\""));
        }

        private static String allowed() {
            return Arrays.stream(OutcomeKind.values())
                    .filter(kind -> kind != OutcomeKind.LAPSE)
                    .map(OutcomeKind::wireName)
                    .collect(Collectors.joining(", "));
        }

        Report report() {
            if (after != null && kind != OutcomeKind.RETRY && kind != OutcomeKind.SNOOZE) {
                faults.invalid("after", "goes with retry and snooze only");
            }
            if (result != null && kind != OutcomeKind.ACK) {
                faults.invalid("result", "goes with ack only");
            }
            if (kind == OutcomeKind.SNOOZE && after == null && !faults.named("after")) {
                faults.invalid("after", "is required: how long to snooze");
            }
            return new Report(id, token, outcome());
        }

        private Outcome outcome() {
            return switch (kind) {
                case ACK -> ack();
                case DROP -> new Outcome.Drop();
                case RETRY -> new Outcome.Retry(after, error == null && reason == null ? null : failure("Retry"));
                case FAIL -> new Outcome.Fail(failure("Failure"));
                case TIMEOUT -> new Outcome.Timeout(failure("Timeout"));
                case DEAD_LETTER -> new Outcome.DeadLetter(failure("DeadLetter"));
                case SNOOZE -> new Outcome.Snooze(after == null ? Duration.ZERO : after);
                case RELEASE -> new Outcome.Release();
                case CANCELED -> new Outcome.Canceled();
                case LAPSE -> throw new AssertionError("refused above");
            };
        }

        private Outcome ack() {
            if (result == null || result.size() <= limits.payloadBytes()) {
                return new Outcome.Ack(result);
            }
            return new Outcome.Fail(AttemptError.of(
                    "result_too_large",
                    "the handler's result has " + result.size() + " bytes, at most " + limits.payloadBytes()
                            + " are allowed"));
        }

        private AttemptError failure(String type) {
            if (error != null) {
                return error;
            }
            return AttemptError.of(type, reason == null ? "the worker gave no reason" : reason);
        }
    }

    private static BulkAction action(String text, Faults faults) {
        return BulkAction.fromWire(text).orElseGet(() -> {
            faults.invalid(
                    "action", "requeue, cancel, delete or run-now is expected, got \"" + Shown.text(text) + "\"");
            return BulkAction.REQUEUE;
        });
    }

    private static JobFilter filter(ObjectReader in, Set<String> names, Faults faults) {
        ObjectReader object = in.object(names);
        FilterFields fields = new FilterFields(faults.under("filter."));
        if (object != null) {
            fill(fields, object);
        }
        return fields.filter();
    }

    private static FilterFields fill(FilterFields fields, ObjectReader in) {
        for (String field = in.next(); field != null; field = in.next()) {
            put(fields, field, in);
        }
        return fields;
    }

    private static void put(FilterFields fields, String name, ObjectReader in) {
        if (name.equals("tags")) {
            in.texts(fields::tags);
        } else {
            in.text(text -> fields.put(name, text));
        }
    }

    private static void requireSeen(ObjectReader in, Faults faults, String... names) {
        for (String name : names) {
            if (!in.saw(name)) {
                faults.required(name);
            }
        }
    }

    private static byte[] orEmpty(byte[] body) {
        return body.length == 0 ? EMPTY_OBJECT : body;
    }
}
