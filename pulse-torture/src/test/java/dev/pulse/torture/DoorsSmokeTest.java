package dev.pulse.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Some of the nonsense of {@code ./dev fuzz}. */
class DoorsSmokeTest {
    @Test
    void nonsenseAtEachDoorIsAnsweredAsDocumented() throws Exception {
        assertThat(FuzzTorture.run(200, 1, false)).isTrue();
    }
}
