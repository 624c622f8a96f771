package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireSwitchesTest {
    private static final Pause PAUSE = new Pause("deploy", "ada", Instant.parse("2026-11-22T10:00:00Z"));

    @Test
    void settingsComeBackAsTheyWere() {
        for (Setting setting : List.of(
                Setting.open(Scope.DISPATCH),
                new Setting(Scope.DISPATCH, PAUSE, RunLimits.NONE),
                new Setting(Scope.queue("q"), new Pause(null, "ada", PAUSE.since()), new RunLimits(3, null)),
                new Setting(Scope.type("t"), null, new RunLimits(null, 0.25)))) {
            assertThat(WireSwitches.setting(WireSwitches.setting(setting))).isEqualTo(setting);
        }
    }

    @Test
    void linesComeBackAsTheyWere() {
        LineInfo line = new LineInfo(
                Setting.open(Scope.queue("q")),
                Map.of(JobStatus.PENDING, 5L, JobStatus.DEAD_LETTERED, 1L),
                Duration.ofSeconds(9));
        assertThat(WireSwitches.line(WireSwitches.line(line))).isEqualTo(line);
        LineInfo empty = new LineInfo(Setting.open(Scope.type("t")), Map.of(), null);
        assertThat(WireSwitches.line(WireSwitches.line(empty))).isEqualTo(empty);
    }

    @Test
    void changesComeBackAsTheyWere() {
        for (LimitChange change : List.of(
                LimitChange.none(),
                LimitChange.none().maxRunning(5),
                LimitChange.none().maxRunning(null),
                LimitChange.none().rate(0.5).maxRunning(null),
                LimitChange.none().rate(null))) {
            assertThat(WireSwitches.change(WireSwitches.change("q", change))).isEqualTo(change);
        }
    }

    @Test
    void aKindThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> WireSwitches.setting(
                        Wire.Switch.newBuilder().setKind("planet").build()))
                .hasMessageContaining("planet");
    }
}
