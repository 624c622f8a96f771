package dev.pulse.protocol;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions between wire and model: hello, assignments, reports and their answers. Stops 6 and 8 of the path. Pure. */
public final class WireSessions {
    public static final int MAX_SLOTS = SessionSpec.MAX_SLOTS;
    /** A worker holds what runs, what waits for a slot and what waits for the answer to its report. */
    public static final int MAX_HELD = 4 * MAX_SLOTS;
    /** Reports in one message (I8). */
    public static final int MAX_REPORTS = 1_000;

    private WireSessions() {}

    /**
     * Reads a hello. Slots left out mean one.
     *
     * @param ids gives the session's id where the worker left it out
     * @throws PulseException naming every fault
     */
    public static SessionSpec spec(Wire.Hello hello, IdSource ids) {
        Faults faults = new Faults();
        UUID given = hello.getSessionId().isEmpty()
                ? ids.next()
                : faults.read("", () -> WireValues.id("session_id", hello.getSessionId()));
        UUID id = given == null ? ids.next() : given;
        Duration lease = faults.read("", () -> leaseTtl(hello));
        // With stand-ins for what could not be read, so that the faults of the rest are told too.
        SessionSpec spec = faults.read(
                "",
                () -> new SessionSpec(
                        id,
                        hello.getWorker().isEmpty() ? "worker-" + id : hello.getWorker(),
                        new LinkedHashSet<>(hello.getTypesList()),
                        new LinkedHashSet<>(hello.getQueuesList()),
                        hello.getSlots() == 0 ? 1 : hello.getSlots(),
                        lease == null ? SessionSpec.DEFAULT_LEASE : lease));
        faults.throwIfAny();
        return Objects.requireNonNull(spec, "read without a fault");
    }

    private static Duration leaseTtl(Wire.Hello hello) {
        return hello.hasLeaseTtl() ? WireValues.duration("lease_ttl", hello.getLeaseTtl()) : SessionSpec.DEFAULT_LEASE;
    }

    public static Wire.Hello hello(SessionSpec spec, Set<LeaseToken> held) {
        Wire.Hello.Builder hello = Wire.Hello.newBuilder()
                .setSessionId(spec.id().toString())
                .setWorker(spec.worker())
                .addAllTypes(spec.types())
                .addAllQueues(spec.queues())
                .setSlots(spec.slots())
                .setLeaseTtl(WireValues.duration(spec.leaseTtl()));
        held.forEach(token -> hello.addHeld(token.text()));
        return hello.build();
    }

    /**
     * Reads the tokens that a worker holds.
     *
     * @throws PulseException naming every malformed one
     */
    public static Set<LeaseToken> held(List<String> texts) {
        if (texts.size() > MAX_HELD) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, "held: " + texts.size() + " tokens, at most " + MAX_HELD);
        }
        Set<LeaseToken> tokens = LinkedHashSet.newLinkedHashSet(texts.size());
        Faults faults = new Faults();
        for (int i = 0; i < texts.size(); i++) {
            String field = "held[" + i + "]";
            String text = texts.get(i);
            LeaseToken token = faults.read("", () -> token(field, text));
            if (token != null) {
                tokens.add(token);
            }
        }
        faults.throwIfAny();
        return tokens;
    }

    private static LeaseToken token(String field, String text) {
        return LeaseToken.parse(text)
                .orElseThrow(() -> PulseException.invalid(field, "not a token as an assignment carried it"));
    }

    public static Wire.Assignment assignment(Assignment assignment) {
        return Wire.Assignment.newBuilder()
                .setJob(WireJobs.facts(assignment.facts())
                        .setStatus(Wire.JobStatus.JOB_STATUS_RUNNING)
                        .setAttempt(assignment.attempt()))
                .setToken(assignment.token().text())
                .build();
    }

    /** The assignment as a worker sees it; whether the job is suspect is the server's business and stays there. */
    public static Assignment assignment(Wire.Assignment message, UUID session) {
        return new Assignment(
                WireJobs.facts(message.getJob()),
                token("token", message.getToken()),
                session,
                message.getJob().getAttempt(),
                false);
    }

    public static Wire.Report report(UUID jobId, LeaseToken token, Outcome outcome) {
        Wire.Report.Builder message = Wire.Report.newBuilder()
                .setJobId(jobId.toString())
                .setToken(token.text())
                .setOutcome(WireEnums.outcome(outcome.kind()));
        switch (outcome) {
            case Outcome.Ack(Payload result) -> {
                if (result != null) {
                    message.setResult(WireValues.payload(result));
                }
            }
            case Outcome.Retry(Duration after, AttemptError error) -> {
                if (after != null) {
                    message.setAfter(WireValues.duration(after));
                }
                if (error != null) {
                    message.setError(WireValues.error(error));
                }
            }
            case Outcome.Fail(AttemptError error) -> message.setError(WireValues.error(error));
            case Outcome.Timeout(AttemptError error) -> message.setError(WireValues.error(error));
            case Outcome.DeadLetter(AttemptError error) -> message.setError(WireValues.error(error));
            case Outcome.Snooze(Duration delay) -> message.setAfter(WireValues.duration(delay));
            case Outcome.Drop drop -> {}
            case Outcome.Release release -> {}
            case Outcome.Canceled canceled -> {}
            case Outcome.Lapse() -> throw new IllegalArgumentException("a lapse is never reported by a worker");
        }
        return message.build();
    }

    /**
     * Reads reports. A result beyond the limit turns its attempt into a failure that says so: refusing the call would
     * leave the worker with a report that it could only repeat for ever.
     *
     * @throws PulseException naming every fault, as {@code reports[3].token}
     */
    public static List<WireReport> reports(List<Wire.Report> messages, Limits limits) {
        if (messages.size() > MAX_REPORTS) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, "reports: " + messages.size() + ", at most " + MAX_REPORTS);
        }
        List<WireReport> reports = new ArrayList<>(messages.size());
        Faults faults = new Faults();
        for (int i = 0; i < messages.size(); i++) {
            Wire.Report message = messages.get(i);
            WireReport report = faults.read("reports[" + i + "].", () -> report(message, limits));
            if (report != null) {
                reports.add(report);
            }
        }
        faults.throwIfAny();
        return reports;
    }

    private static WireReport report(Wire.Report message, Limits limits) {
        return new WireReport(
                WireValues.id("job_id", message.getJobId()),
                token("token", message.getToken()),
                outcome(message, limits));
    }

    private static Outcome outcome(Wire.Report message, Limits limits) {
        OutcomeKind kind = WireEnums.outcome("outcome", message.getOutcome());
        if (kind == null) {
            throw PulseException.invalid("outcome", "is required");
        }
        return switch (kind) {
            case ACK -> ack(message, limits);
            case DROP -> new Outcome.Drop();
            case RETRY -> new Outcome.Retry(after(message), errorIfGiven(message, kind));
            case FAIL -> new Outcome.Fail(error(message, kind));
            case TIMEOUT -> new Outcome.Timeout(error(message, kind));
            case DEAD_LETTER -> new Outcome.DeadLetter(error(message, kind));
            case SNOOZE -> snooze(message);
            case RELEASE -> new Outcome.Release();
            case CANCELED -> new Outcome.Canceled();
            case LAPSE -> throw PulseException.invalid("outcome", "a lapse is never reported by a worker");
        };
    }

    private static Outcome ack(Wire.Report message, Limits limits) {
        if (!message.hasResult()) {
            return new Outcome.Ack(null);
        }
        Payload result = WireValues.payload(message.getResult());
        if (result.size() > limits.payloadBytes()) {
            return new Outcome.Fail(AttemptError.of(
                    "result_too_large",
                    "the handler's result has " + result.size() + " bytes, at most " + limits.payloadBytes()
                            + " are allowed"));
        }
        return new Outcome.Ack(result);
    }

    private static Outcome snooze(Wire.Report message) {
        Duration after = after(message);
        if (after == null) {
            throw PulseException.invalid("after", "is required to snooze");
        }
        return new Outcome.Snooze(after);
    }

    private static @Nullable Duration after(Wire.Report message) {
        return message.hasAfter() ? WireValues.wait("after", message.getAfter()) : null;
    }

    private static AttemptError error(Wire.Report message, OutcomeKind kind) {
        AttemptError error = errorIfGiven(message, kind);
        return error != null
                ? error
                : AttemptError.of(kind.wireName(), "the worker reported " + kind.wireName() + " and gave no reason");
    }

    private static @Nullable AttemptError errorIfGiven(Wire.Report message, OutcomeKind kind) {
        if (message.hasError()) {
            return WireValues.error(message.getError());
        }
        return message.hasReason() ? AttemptError.of(kind.wireName(), message.getReason()) : null;
    }

    public static Wire.Answer answer(UUID jobId, LeaseToken token, ReportAnswer answer) {
        return Wire.Answer.newBuilder()
                .setJobId(jobId.toString())
                .setToken(token.text())
                .setAnswer(WireEnums.answer(answer))
                .build();
    }

    public static Wire.Cancel cancel(UUID jobId, LeaseToken token) {
        return Wire.Cancel.newBuilder()
                .setJobId(jobId.toString())
                .setToken(token.text())
                .build();
    }
}
