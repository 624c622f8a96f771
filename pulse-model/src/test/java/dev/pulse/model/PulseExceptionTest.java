package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PulseExceptionTest {
    @Test
    void aRefusalOfAPartNamesWhereThePartStands() {
        PulseException refusal = PulseException.of(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        List.of(new Violation("payload", "too large"), new Violation("cron", "no")))
                .within("schedules[a].");

        assertThat(refusal.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(refusal.field()).isEqualTo("schedules[a].payload");
        assertThat(refusal).hasMessage("schedules[a].payload: too large; schedules[a].cron: no");
    }

    @Test
    void aRefusalWithoutAFieldStaysAsItIs() {
        PulseException refusal = new PulseException(ErrorCode.LIMIT_REACHED, "too many");

        assertThat(refusal.within("schedules[a].")).isSameAs(refusal);
    }
}
