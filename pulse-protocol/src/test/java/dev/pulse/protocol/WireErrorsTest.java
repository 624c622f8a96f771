package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WireErrorsTest {
    private static final int TRAILERS_THAT_EVERY_CLIENT_TAKES = 8_192;

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeComesBackUnderItsStatus(ErrorCode code) {
        StatusRuntimeException status = WireErrors.toStatus(new PulseException(code, "because"));

        assertThat(status.getStatus().getCode().name()).isEqualTo(code.grpcStatus());
        PulseException back = WireErrors.fromStatus(status);
        assertThat(back.code()).isEqualTo(code);
        assertThat(back).hasMessage("because");
    }

    @Test
    void violationsComeBack() {
        List<Violation> violations = List.of(new Violation("type", "is required"), new Violation("key", "too long"));

        PulseException back = WireErrors.fromStatus(WireErrors.toStatus(PulseException.invalid(violations)));

        assertThat(back.violations()).isEqualTo(violations);
    }

    @Test
    void aThousandFaultsFitIntoTheTrailers() {
        List<Violation> violations = IntStream.range(0, 1_000)
                .mapToObj(i -> new Violation("jobs[" + i + "].type", "ä\uD83D\uDE80".repeat(300)))
                .toList();

        StatusRuntimeException status = WireErrors.toStatus(PulseException.invalid(violations));

        assertThat(trailerBytes(status)).isLessThan(TRAILERS_THAT_EVERY_CLIENT_TAKES);
        List<Violation> told = WireErrors.fromStatus(status).violations();
        assertThat(told.getLast().message()).contains("and " + (1_001 - told.size()) + " more");
    }

    /** As HTTP/2 carries them: the sentence percent-encoded, the details in Base64. */
    private static int trailerBytes(StatusRuntimeException status) {
        Metadata.Key<byte[]> details = Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
        Metadata trailers = status.getTrailers();
        byte[] packed = trailers == null ? null : trailers.get(details);
        assertThat(packed).isNotNull();
        String sentence = status.getStatus().getDescription();
        assertThat(sentence).isNotNull();
        return 3 * sentence.getBytes(StandardCharsets.UTF_8).length
                + Base64.getEncoder().encode(packed).length
                + 100;
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, UNREACHABLE",
        "DEADLINE_EXCEEDED, TIMED_OUT",
        "UNAUTHENTICATED, UNAUTHENTICATED",
        "RESOURCE_EXHAUSTED, BODY_TOO_LARGE",
        "UNKNOWN, INTERNAL"
    })
    void statusThatPulseDidNotWriteIsTranslated(Status.Code status, ErrorCode code) {
        StatusRuntimeException failure =
                status.toStatus().withDescription("io exception").asRuntimeException();

        PulseException trouble = WireErrors.fromStatus(failure);

        assertThat(trouble.code()).isEqualTo(code);
        assertThat(trouble).hasMessageContaining("io exception");
    }

    @Test
    void refusalOfOneItemComesBack() {
        PulseException refusal = PulseException.of(
                ErrorCode.PAYLOAD_TOO_LARGE, List.of(new Violation("payload", "300000 bytes, at most 262144")));

        PulseException back = WireErrors.exception(WireErrors.refusal(refusal));

        assertThat(back.code()).isEqualTo(refusal.code());
        assertThat(back.violations()).isEqualTo(refusal.violations());
        assertThat(back).hasMessage(refusal.getMessage());
    }
}
