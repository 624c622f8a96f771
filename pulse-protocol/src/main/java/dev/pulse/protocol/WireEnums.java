package dev.pulse.protocol;

import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.protocol.v1.Wire;
import org.jspecify.annotations.Nullable;

/** The enums of the wire and of the model, constant by constant: the compiler sees to it that none is forgotten. */
public final class WireEnums {
    private WireEnums() {}

    public static Wire.JobStatus status(JobStatus status) {
        return switch (status) {
            case SCHEDULED -> Wire.JobStatus.JOB_STATUS_SCHEDULED;
            case PENDING -> Wire.JobStatus.JOB_STATUS_PENDING;
            case RUNNING -> Wire.JobStatus.JOB_STATUS_RUNNING;
            case RETRYING -> Wire.JobStatus.JOB_STATUS_RETRYING;
            case COMPLETED -> Wire.JobStatus.JOB_STATUS_COMPLETED;
            case DEAD_LETTERED -> Wire.JobStatus.JOB_STATUS_DEAD_LETTERED;
            case CANCELED -> Wire.JobStatus.JOB_STATUS_CANCELED;
        };
    }

    /**
     * The status, or null where none was given.
     *
     * @throws PulseException INVALID_FIELD for a number that this version does not know
     */
    public static @Nullable JobStatus status(String field, Wire.JobStatus status) {
        return switch (status) {
            case JOB_STATUS_UNSPECIFIED -> null;
            case JOB_STATUS_SCHEDULED -> JobStatus.SCHEDULED;
            case JOB_STATUS_PENDING -> JobStatus.PENDING;
            case JOB_STATUS_RUNNING -> JobStatus.RUNNING;
            case JOB_STATUS_RETRYING -> JobStatus.RETRYING;
            case JOB_STATUS_COMPLETED -> JobStatus.COMPLETED;
            case JOB_STATUS_DEAD_LETTERED -> JobStatus.DEAD_LETTERED;
            case JOB_STATUS_CANCELED -> JobStatus.CANCELED;
            case UNRECOGNIZED -> throw unknown(field);
        };
    }

    public static Wire.Outcome outcome(OutcomeKind kind) {
        return switch (kind) {
            case ACK -> Wire.Outcome.OUTCOME_ACK;
            case DROP -> Wire.Outcome.OUTCOME_DROP;
            case RETRY -> Wire.Outcome.OUTCOME_RETRY;
            case FAIL -> Wire.Outcome.OUTCOME_FAIL;
            case TIMEOUT -> Wire.Outcome.OUTCOME_TIMEOUT;
            case DEAD_LETTER -> Wire.Outcome.OUTCOME_DEAD_LETTER;
            case SNOOZE -> Wire.Outcome.OUTCOME_SNOOZE;
            case RELEASE -> Wire.Outcome.OUTCOME_RELEASE;
            case CANCELED -> Wire.Outcome.OUTCOME_CANCELED;
            case LAPSE -> Wire.Outcome.OUTCOME_LAPSE;
        };
    }

    /**
     * The kind of outcome, or null where none was given.
     *
     * @throws PulseException INVALID_FIELD for a number that this version does not know
     */
    public static @Nullable OutcomeKind outcome(String field, Wire.Outcome outcome) {
        return switch (outcome) {
            case OUTCOME_UNSPECIFIED -> null;
            case OUTCOME_ACK -> OutcomeKind.ACK;
            case OUTCOME_DROP -> OutcomeKind.DROP;
            case OUTCOME_RETRY -> OutcomeKind.RETRY;
            case OUTCOME_FAIL -> OutcomeKind.FAIL;
            case OUTCOME_TIMEOUT -> OutcomeKind.TIMEOUT;
            case OUTCOME_DEAD_LETTER -> OutcomeKind.DEAD_LETTER;
            case OUTCOME_SNOOZE -> OutcomeKind.SNOOZE;
            case OUTCOME_RELEASE -> OutcomeKind.RELEASE;
            case OUTCOME_CANCELED -> OutcomeKind.CANCELED;
            case OUTCOME_LAPSE -> OutcomeKind.LAPSE;
            case UNRECOGNIZED -> throw unknown(field);
        };
    }

    public static Wire.ReportAnswer answer(ReportAnswer answer) {
        return switch (answer) {
            case APPLIED -> Wire.ReportAnswer.REPORT_ANSWER_APPLIED;
            case STALE -> Wire.ReportAnswer.REPORT_ANSWER_STALE;
            case UNKNOWN -> Wire.ReportAnswer.REPORT_ANSWER_UNKNOWN;
        };
    }

    public static ReportAnswer answer(String field, Wire.ReportAnswer answer) {
        return switch (answer) {
            case REPORT_ANSWER_APPLIED -> ReportAnswer.APPLIED;
            case REPORT_ANSWER_STALE -> ReportAnswer.STALE;
            case REPORT_ANSWER_UNKNOWN -> ReportAnswer.UNKNOWN;
            case REPORT_ANSWER_UNSPECIFIED, UNRECOGNIZED -> throw unknown(field);
        };
    }

    private static PulseException unknown(String field) {
        return PulseException.invalid(field, "not a value that this version knows");
    }
}
