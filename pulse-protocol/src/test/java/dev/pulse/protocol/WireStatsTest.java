package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.JobCounts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireStatsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void countsComeBackEqualAndWithTheirSum() {
        Map<JobStatus, Long> all = new EnumMap<>(JobStatus.class);
        for (JobStatus status : JobStatus.values()) {
            all.put(status, 10L + status.ordinal());
        }
        JobCounts counts = new JobCounts(
                new TreeMap<>(Map.of("a", all, "b", Map.of(JobStatus.PENDING, 5L))), Duration.ofSeconds(12));

        assertThat(WireStats.stats(WireStats.stats(counts))).isEqualTo(counts);
        assertThat(WireStats.stats(counts).getTotal().getPending()).isEqualTo(16);
    }

    @Test
    void workersAndServersComeBackEqual() {
        SessionInfo session = new SessionInfo(
                new SessionSpec(new UUID(1, 2), "w", Set.of("a"), Set.of(), 4, Duration.ofSeconds(30)), NOW, NOW, 3);
        ServerInfo server = new ServerInfo(new UUID(3, 4), "s", "0.1.0", NOW, NOW, true);

        assertThat(WireStats.worker(WireStats.worker(session))).isEqualTo(session);
        assertThat(WireStats.server(WireStats.server(server))).isEqualTo(server);
    }
}
