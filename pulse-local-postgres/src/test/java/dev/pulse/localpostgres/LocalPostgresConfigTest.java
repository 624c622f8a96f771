package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalPostgresConfigTest {
    private final LocalPostgresConfig config = LocalPostgresConfig.in(Path.of("data"));

    @Test
    void defaultsAreAFreePortAndTheClassPathsBinaries() {
        assertThat(config.port()).isZero();
        assertThat(config.binaries()).isNull();
        assertThat(config.settings()).isEmpty();
        assertThat(config.dataDirectory()).isAbsolute();
        assertThat(config.binariesCache()).isAbsolute();
        assertThat(config.effectiveSettings())
                .containsEntry("fsync", "on")
                .containsEntry("synchronous_commit", "on")
                .containsEntry("full_page_writes", "on")
                .containsEntry("max_connections", "200");
    }

    @Test
    void everyPartCanBeChanged() {
        LocalPostgresConfig changed = config.withPort(5433)
                .withSettings(Map.of("work_mem", "8MB"))
                .withSettings(Map.of("max_connections", "50"))
                .withBinariesCache(Path.of("/cache"))
                .withBinaries(Path.of("/own.txz"))
                .withTimeouts(Duration.ofSeconds(7), Duration.ofSeconds(8));
        assertThat(changed)
                .isEqualTo(new LocalPostgresConfig(
                        config.dataDirectory(),
                        Path.of("/cache"),
                        5433,
                        Map.of("work_mem", "8MB", "max_connections", "50"),
                        Path.of("/own.txz"),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8)));
        assertThat(changed.effectiveSettings()).containsEntry("max_connections", "50");
    }

    @ParameterizedTest
    @CsvSource({
        "fsync, off",
        "FSYNC, off",
        "synchronous_commit, local",
        "full_page_writes, off",
        "listen_addresses, *",
        "unix_socket_directories, /tmp",
        "port, 5432",
        "data_directory, /elsewhere",
        "'x -c fsync', off"
    })
    void whatDurabilityAndTheLauncherStandOnIsRefused(String name, String value) {
        assertThatThrownBy(() -> config.withSettings(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("settings", name);
    }

    @Test
    void impossiblePortsAndTimesAreRefused() {
        assertThatThrownBy(() -> config.withPort(-1)).hasMessageContaining("port");
        assertThatThrownBy(() -> config.withPort(65536)).hasMessageContaining("port");
        assertThatThrownBy(() -> config.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("startTimeout");
        assertThatThrownBy(() -> config.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .hasMessageContaining("stopTimeout");
    }
}
