package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.ReportAnswer;
import dev.pulse.protocol.v1.Wire;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WireEnumsTest {
    @Test
    void wireHasTheStatusesOfTheModelInItsOrder() {
        assertThat(names(Wire.JobStatus.values(), "JOB_STATUS_")).containsExactlyElementsOf(names(JobStatus.values()));
        assertThat(JobStatus.values())
                .allSatisfy(status -> assertThat(WireEnums.status("status", WireEnums.status(status)))
                        .isEqualTo(status));
    }

    @Test
    void wireHasTheOutcomesOfTheModelInItsOrder() {
        assertThat(names(Wire.Outcome.values(), "OUTCOME_")).containsExactlyElementsOf(names(OutcomeKind.values()));
        assertThat(OutcomeKind.values())
                .allSatisfy(kind -> assertThat(WireEnums.outcome("outcome", WireEnums.outcome(kind)))
                        .isEqualTo(kind));
    }

    @Test
    void wireHasTheAnswersOfTheModelInItsOrder() {
        assertThat(names(Wire.ReportAnswer.values(), "REPORT_ANSWER_"))
                .containsExactlyElementsOf(names(ReportAnswer.values()));
        assertThat(ReportAnswer.values())
                .allSatisfy(answer -> assertThat(WireEnums.answer("answer", WireEnums.answer(answer)))
                        .isEqualTo(answer));
    }

    private static Iterable<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private static Stream<String> names(Enum<?>[] constants, String prefix) {
        return Arrays.stream(constants)
                .map(Enum::name)
                .filter(name -> !name.equals("UNRECOGNIZED") && !name.equals(prefix + "UNSPECIFIED"))
                .map(name -> name.substring(prefix.length()));
    }
}
