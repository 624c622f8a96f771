package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCodeTest {
    private static final Set<String> GRPC_STATUSES = Set.of(
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "ABORTED",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "UNAUTHENTICATED");

    /** A code is a promise. A new one is a new line of error-codes.txt; a line that is there stays as it is. */
    @Test
    void codesAreThoseOfTheGoldenFile() throws IOException {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCodeTest::line))
                .containsExactlyElementsOf(golden().lines().toList());
    }

    private static String line(ErrorCode code) {
        return "%s %s http=%d grpc=%s".formatted(code.wireName(), code, code.httpStatus(), code.grpcStatus());
    }

    private static String golden() throws IOException {
        try (InputStream file = ErrorCodeTest.class.getResourceAsStream("error-codes.txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void numbersAreGivenOnceAndStandInOrder() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wireName))
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @ParameterizedTest
    @EnumSource
    void wireNameLeadsBackToTheCode(ErrorCode code) {
        assertThat(code.wireName()).matches("PULSE-[1-9][0-9]{3}");
        assertThat(ErrorCode.fromWire(code.wireName())).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1001", "PULSE-", "PULSE-0", "PULSE-1001 ", "pulse-1001", "PULSE-8888"})
    void unknownWireNameIsAnInternalError(String name) {
        assertThat(ErrorCode.fromWire(name)).isEqualTo(ErrorCode.INTERNAL);
    }

    @ParameterizedTest
    @EnumSource
    void kindAgreesWithTheStatuses(ErrorCode code) {
        assertThat(GRPC_STATUSES).contains(code.grpcStatus());
        switch (code.kind()) {
            case CALLER -> assertThat(code.httpStatus()).isBetween(400, 417);
            case RESOURCE -> assertThat(code.httpStatus()).isIn(413, 429, 503, 504);
            case INTERNAL -> assertThat(code.httpStatus()).isEqualTo(500);
        }
        assertThat(code.kind() == ErrorCode.Kind.CALLER && code.retryable())
                .as("what the caller has to mend does not succeed by itself")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void codeTellsAPersonWhatItIsAndWhatToDo(ErrorCode code) {
        assertThat(code.title()).matches("[A-Z].*[^.]");
        assertThat(code.remedy()).matches("[A-Z].*\\.");
    }
}
