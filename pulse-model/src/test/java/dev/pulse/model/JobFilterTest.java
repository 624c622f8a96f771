package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobFilterTest {
    @Test
    void onlyTheFilterWithoutAConditionIsEmpty() { // a bulk act with an empty filter is refused
        assertThat(JobFilter.ALL.isEmpty()).isTrue();
        assertThat(new JobFilter(null, null, null, Map.of(), null, null, null, null).isEmpty())
                .isTrue();
        assertThat(JobFilter.ALL.withStatus(JobStatus.PENDING).isEmpty()).isFalse();
        assertThat(new JobFilter(null, null, null, Map.of("a", "b"), null, null, null, null).isEmpty())
                .isFalse();
    }

    @Test
    void totalIsTheSumOverTheTypes() {
        TreeMap<String, Map<JobStatus, Long>> byType = new TreeMap<>();
        byType.put("email", new EnumMap<>(Map.of(JobStatus.PENDING, 2L, JobStatus.RUNNING, 1L)));
        byType.put("sms", new EnumMap<>(Map.of(JobStatus.PENDING, 3L)));

        assertThat(new JobCounts(byType, null).total()).isEqualTo(Map.of(JobStatus.PENDING, 5L, JobStatus.RUNNING, 1L));
    }
}
