package dev.pulse.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trouble between model and wire: a canonical status with {@code ErrorInfo} (domain {@value #DOMAIN}, reason
 * {@code PULSE-n}) and {@code BadRequest} where fields are at fault. Pure.
 *
 * <p>A status travels in HTTP/2 trailers, and many clients take no more than 8 KiB of them. So sentence and violations
 * are cut to fit, and the cut is told.
 */
public final class WireErrors {
    public static final String DOMAIN = "pulse.dev";

    private static final int MAX_SENTENCE = 600;
    private static final int MAX_VIOLATIONS = 2_000;
    private static final int MAX_VIOLATION_MESSAGE = 300;

    private WireErrors() {}

    /** The status with which a server ends the call. */
    public static StatusRuntimeException toStatus(PulseException trouble) {
        ErrorCode code = trouble.code();
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(Code.valueOf(code.grpcStatus()).getNumber())
                .setMessage(cut(sentence(trouble), MAX_SENTENCE))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(code.wireName())
                        .setDomain(DOMAIN)
                        .putMetadata("name", code.name())
                        .build()));
        if (!trouble.violations().isEmpty()) {
            status.addDetails(Any.pack(badRequest(trouble.violations())));
        }
        if (trouble.retryAfter() != null) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(WireValues.duration(trouble.retryAfter()))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static BadRequest badRequest(List<Violation> violations) {
        BadRequest.Builder message = BadRequest.newBuilder();
        int size = 0;
        for (Violation violation : violations) {
            String text = cut(violation.message(), MAX_VIOLATION_MESSAGE);
            size += utf8Bound(violation.field()) + utf8Bound(text) + 8;
            if (size > MAX_VIOLATIONS && message.getFieldViolationsCount() > 0) {
                int left = violations.size() - message.getFieldViolationsCount();
                message.addFieldViolationsBuilder()
                        .setField("…")
                        .setDescription("and " + left + " more; mend these first");
                break;
            }
            message.addFieldViolationsBuilder()
                    .setField(cut(violation.field(), MAX_VIOLATION_MESSAGE))
                    .setDescription(text);
        }
        return message.build();
    }

    /** What a client throws for the status of a failed call. */
    public static PulseException fromStatus(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        ErrorInfo info = status == null ? null : detail(status, ErrorInfo.class);
        if (status == null || info == null || !info.getDomain().equals(DOMAIN)) {
            return foreign(failure);
        }
        BadRequest fields = detail(status, BadRequest.class);
        List<Violation> violations = fields == null ? List.of() : violations(fields);
        PulseException trouble =
                new PulseException(ErrorCode.fromWire(info.getReason()), status.getMessage(), violations, failure);
        RetryInfo retry = detail(status, RetryInfo.class);
        return retry == null ? trouble : trouble.retryAfter(WireValues.duration("retry_delay", retry.getRetryDelay()));
    }

    private static List<Violation> violations(BadRequest fields) {
        List<Violation> violations = new ArrayList<>(fields.getFieldViolationsCount());
        fields.getFieldViolationsList()
                .forEach(fault -> violations.add(new Violation(fault.getField(), fault.getDescription())));
        return violations;
    }

    /** A status that Pulse did not write: from the connection, a proxy, or the gRPC runtime. */
    private static PulseException foreign(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        ErrorCode code = switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, ABORTED -> ErrorCode.UNREACHABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.TIMED_OUT;
            case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> ErrorCode.FORBIDDEN;
            case RESOURCE_EXHAUSTED, OUT_OF_RANGE -> ErrorCode.BODY_TOO_LARGE;
            case UNIMPLEMENTED -> ErrorCode.METHOD_NOT_ALLOWED;
            case INVALID_ARGUMENT -> ErrorCode.MALFORMED_REQUEST;
            case OK, UNKNOWN, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, INTERNAL, DATA_LOSS -> ErrorCode.INTERNAL;
        };
        return new PulseException(code, described(status), failure);
    }

    private static String described(Status status) {
        String text = status.getDescription() == null
                ? status.getCode().name()
                : status.getCode() + ": " + status.getDescription();
        Throwable cause = status.getCause();
        return cause == null || cause.getMessage() == null ? text : text + " (" + cause.getMessage() + ")";
    }

    private static <M extends com.google.protobuf.Message> @Nullable M detail(
            com.google.rpc.Status status, Class<M> type) {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return any.unpack(type);
                } catch (InvalidProtocolBufferException e) {
                    return null;
                }
            }
        }
        return null;
    }

    /** The refusal of one item within an answer. */
    public static Wire.Refusal refusal(PulseException trouble) {
        Wire.Refusal.Builder message =
                Wire.Refusal.newBuilder().setCode(trouble.code().wireName()).setMessage(sentence(trouble));
        trouble.violations()
                .forEach(fault -> message.addViolations(
                        Wire.Violation.newBuilder().setField(fault.field()).setMessage(fault.message())));
        return message.build();
    }

    public static PulseException exception(Wire.Refusal message) {
        List<Violation> violations = message.getViolationsList().stream()
                .map(fault -> new Violation(fault.getField(), fault.getMessage()))
                .toList();
        return new PulseException(ErrorCode.fromWire(message.getCode()), message.getMessage(), violations, null);
    }

    private static String sentence(PulseException trouble) {
        return trouble.getMessage() == null ? trouble.code().title() : trouble.getMessage();
    }

    private static String cut(String text, int max) {
        if (utf8Bound(text) <= max) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int size = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            size += utf8Length(codePoint);
            if (size > max - 3) {
                break;
            }
            kept.appendCodePoint(codePoint);
        }
        return kept.append('…').toString();
    }

    private static int utf8Bound(String text) {
        return text.codePoints().map(WireErrors::utf8Length).sum();
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
