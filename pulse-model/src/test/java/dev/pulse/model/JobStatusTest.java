package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobStatusTest {
    @Test
    void namesAndOrderAreThoseOfTheContract() {
        assertThat(Arrays.stream(JobStatus.values()).map(JobStatus::wireName))
                .containsExactly(
                        "scheduled", "pending", "running", "retrying", "completed", "dead_lettered", "canceled");
    }

    @Test
    void unfinishedEndsWithCompletedDeadLetteredOrCanceled() {
        assertThat(JobStatus.values())
                .filteredOn(JobStatus::isFinal)
                .containsExactly(JobStatus.COMPLETED, JobStatus.DEAD_LETTERED, JobStatus.CANCELED);
    }

    @Test
    void scheduledAndRetryingWaitForAMoment() { // I7
        assertThat(JobStatus.values())
                .filteredOn(JobStatus::isDue)
                .containsExactly(JobStatus.SCHEDULED, JobStatus.RETRYING);
    }

    @ParameterizedTest
    @EnumSource
    void wireNameLeadsBackToTheStatus(JobStatus status) {
        assertThat(JobStatus.fromWire(status.wireName())).contains(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "RUNNING", "Running", "dead-lettered", "cancelled", "running "})
    void otherNamesAreNoStatus(String name) {
        assertThat(JobStatus.fromWire(name)).isEmpty();
    }
}
