package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How slowly somebody may speak and listen, on a clock of the test's. */
final class HttpLineTest {
    private static final PaceConfig PACE = new PaceConfig(
            Duration.ofSeconds(10), Duration.ofSeconds(120), Duration.ofSeconds(10), Duration.ofSeconds(20), 100, 9);

    private final AtomicLong now = new AtomicLong(-5);
    private final Thread connection = new Thread(() -> {});
    private final HttpLine line = HttpLine.open(connection, "host", PACE, now::get);

    @Test
    void anIdleConnectionIsKeptForItsTime() {
        line.awaitBytes();
        pass(120);
        assertThat(line.cutIfOverdue()).isFalse();
        pass(1);
        assertThat(line.cutIfOverdue()).isTrue();
        assertThat(line.cutIfOverdue()).as("once").isFalse();
    }

    @Test
    void headersThatDripDoNotBuyTime() {
        for (int i = 0; i < 10; i++) {
            line.awaitBytes();
            assertThat(line.cutIfOverdue()).isFalse();
            line.received(1);
            pass(1);
        }
        line.awaitBytes();
        assertThat(line.cutIfOverdue()).isFalse();
        pass(1);
        assertThat(line.cutIfOverdue()).isTrue();
    }

    @Test
    void aBodyHasToKeepItsPace() {
        line.awaitBytes();
        line.received(50);
        line.headersAreComplete();
        line.awaitBytes();
        line.received(1_000);
        line.awaitBytes();
        pass(30);
        assertThat(line.cutIfOverdue()).isFalse();
        pass(1);
        assertThat(line.cutIfOverdue()).isTrue();
    }

    @Test
    void aReaderHasToTakeItsAnswer() {
        line.awaitReader(1_000);
        pass(30);
        assertThat(line.cutIfOverdue()).isFalse();
        line.taken();
        line.awaitReader(10);
        pass(21);
        assertThat(line.cutIfOverdue()).isTrue();
    }

    @Test
    void nothingButAWaitIsInterrupted() {
        line.awaitBytes();
        line.received(9);
        line.headersAreComplete();
        pass(10_000);
        assertThat(line.cutIfOverdue()).isFalse();
        line.isIdle();
        pass(10_000);
        assertThat(line.cutIfOverdue()).isFalse();
    }

    @Test
    void aHandshakeHasItsTime() {
        HttpLine handshake = HttpLine.handshaking(connection, "host", PACE, now::get);
        pass(10);
        assertThat(handshake.cutIfOverdue()).isFalse();
        pass(1);
        assertThat(handshake.cutIfOverdue()).isTrue();
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
