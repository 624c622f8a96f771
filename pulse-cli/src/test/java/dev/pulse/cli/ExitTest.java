package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExitTest {
    @Test
    void everyErrorCodeHasTheExitCodeOfTheContract() {
        Map<ErrorCode, Integer> actual = new EnumMap<>(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            actual.put(code, Exit.of(code));
        }
        assertThat(actual)
                .containsEntry(ErrorCode.INVALID_FIELD, 2)
                .containsEntry(ErrorCode.INVALID_ID, 2)
                .containsEntry(ErrorCode.CONFIGURATION, 2)
                .containsEntry(ErrorCode.UNAUTHENTICATED, 3)
                .containsEntry(ErrorCode.FORBIDDEN, 3)
                .containsEntry(ErrorCode.JOB_NOT_FOUND, 4)
                .containsEntry(ErrorCode.SESSION_NOT_FOUND, 4)
                .containsEntry(ErrorCode.ILLEGAL_STATUS, 5)
                .containsEntry(ErrorCode.KEY_CONFLICT, 5)
                .containsEntry(ErrorCode.ID_CONFLICT, 5)
                .containsEntry(ErrorCode.UNREACHABLE, 6)
                .containsEntry(ErrorCode.DATABASE_UNAVAILABLE, 6)
                .containsEntry(ErrorCode.SHUTTING_DOWN, 6)
                .containsEntry(ErrorCode.TIMED_OUT, 6)
                .containsEntry(ErrorCode.PAYLOAD_TOO_LARGE, 7)
                .containsEntry(ErrorCode.LIMIT_REACHED, 7)
                .containsEntry(ErrorCode.INTERNAL, 1);
        assertThat(actual.values()).allMatch(exit -> exit >= 1 && exit <= 7);
    }
}
