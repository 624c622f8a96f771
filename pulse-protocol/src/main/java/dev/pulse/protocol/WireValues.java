package dev.pulse.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Ids;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The small values that messages share: ids, times, payloads. Reading refuses with the name of the field. */
public final class WireValues {
    private static final int MAX_SHOWN = 64;
    private static final int NANOS = 1_000_000_000;

    private WireValues() {}

    /**
     * The id of the thing that a call is about.
     *
     * @throws PulseException INVALID_ID naming the field
     */
    public static UUID id(String field, String text) {
        return Ids.parse(text)
                .orElseThrow(
                        () -> PulseException.of(ErrorCode.INVALID_ID, List.of(new Violation(field, idFault(text)))));
    }

    static String idFault(String text) {
        return text.isEmpty() ? "an id is required" : "not a UUID as Pulse prints it: \"" + cut(text) + "\"";
    }

    /**
     * A wait of zero or more.
     *
     * @throws PulseException INVALID_FIELD naming the field
     */
    public static Duration wait(String field, com.google.protobuf.Duration message) {
        Duration duration = duration(field, message);
        if (duration.isNegative() || duration.compareTo(Durations.MAX) > 0) {
            throw PulseException.invalid(
                    field, "0s to " + Durations.MAX.toDays() + "d are allowed, got " + duration.toSeconds() + "s");
        }
        return duration;
    }

    /**
     * A duration of any length and sign.
     *
     * @throws PulseException INVALID_FIELD naming the field
     */
    public static Duration duration(String field, com.google.protobuf.Duration message) {
        boolean signsDiffer = message.getSeconds() > 0 && message.getNanos() < 0
                || message.getSeconds() < 0 && message.getNanos() > 0;
        if (signsDiffer || Math.abs((long) message.getNanos()) >= NANOS) {
            throw PulseException.invalid(field, "not a duration: the nanos are out of range or of the other sign");
        }
        try {
            return Duration.ofSeconds(message.getSeconds(), message.getNanos());
        } catch (ArithmeticException e) {
            throw PulseException.invalid(field, "the duration is out of range");
        }
    }

    public static Instant instant(String field, Timestamp message) {
        if (message.getNanos() < 0 || message.getNanos() >= NANOS) {
            throw PulseException.invalid(field, "not a timestamp: nanos must be 0 to 999999999");
        }
        try {
            return Instant.ofEpochSecond(message.getSeconds(), message.getNanos());
        } catch (java.time.DateTimeException | ArithmeticException e) {
            throw PulseException.invalid(field, "the timestamp is out of range");
        }
    }

    public static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /** Wraps the bytes without a copy, which is safe because payloads are immutable by agreement. */
    static Wire.Payload payload(Payload payload) {
        ByteString data = UnsafeByteOperations.unsafeWrap(payload.bytes());
        Wire.Payload.Builder message = Wire.Payload.newBuilder().setData(data);
        if (!payload.isJson()) {
            message.setContentType(payload.contentType());
        }
        return message.build();
    }

    static Payload payload(Wire.Payload message) {
        String contentType = message.hasContentType() ? message.getContentType() : Payload.JSON;
        return Payload.of(message.getData().toByteArray(), contentType);
    }

    static Wire.AttemptError error(AttemptError error) {
        Wire.AttemptError.Builder message =
                Wire.AttemptError.newBuilder().setType(error.type()).setMessage(error.message());
        if (error.stack() != null) {
            message.setStack(error.stack());
        }
        return message.build();
    }

    static AttemptError error(Wire.AttemptError message) {
        return new AttemptError(
                message.getType(), message.getMessage(), message.hasStack() ? message.getStack() : null);
    }

    static String cut(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
