package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.protocol.v1.Wire;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private static final Wire.ServerMessage MESSAGE = Wire.ServerMessage.newBuilder()
            .setEnded(Wire.SessionEnded.newBuilder().setReason("x".repeat(90)))
            .build();
    private static final int SIZE = MESSAGE.getSerializedSize();

    private final AtomicLong now = new AtomicLong();
    private final Connection connection = new Connection();
    private final Outbox outbox =
            new Outbox(connection, new StreamConfig(SIZE, 3 * SIZE, Duration.ofSeconds(20)), now::get);

    @Test
    void whatTheWorkerReadsGoesStraightOn() {
        assertThat(outbox.send(MESSAGE)).isTrue();
        assertThat(connection.sent).hasSize(1);
    }

    @Test
    void whatTheWorkerDoesNotReadWaitsInOrderAndWithinItsBound() {
        connection.ready = false;

        assertThat(outbox.send(MESSAGE)).isTrue();
        assertThat(outbox.send(MESSAGE)).isTrue();
        assertThat(outbox.send(MESSAGE)).isTrue();
        assertThat(outbox.send(MESSAGE)).isFalse();
        assertThat(connection.sent).isEmpty();

        connection.ready = true;
        outbox.flush();
        assertThat(connection.sent).hasSize(3);
        assertThat(outbox.send(MESSAGE)).isTrue();
    }

    @Test
    void aWorkerThatReadsNothingForTooLongIsStalled() {
        connection.ready = false;
        outbox.send(MESSAGE);
        now.set(Duration.ofSeconds(20).toNanos());
        assertThat(outbox.isStalled()).isFalse();

        now.set(Duration.ofSeconds(20).toNanos() + 1);

        assertThat(outbox.isStalled()).isTrue();
        assertThat(outbox.send(MESSAGE)).isFalse();
    }

    @Test
    void aSlowWorkerThatReadsNowAndThenIsNotStalled() {
        connection.ready = false;
        outbox.send(MESSAGE);
        outbox.send(MESSAGE);
        now.set(Duration.ofSeconds(15).toNanos());
        connection.readyFor = 1;
        outbox.flush();

        now.set(Duration.ofSeconds(30).toNanos());

        assertThat(outbox.isStalled()).isFalse();
        assertThat(connection.sent).hasSize(1);
    }

    @Test
    void anIdleStreamIsNotStalled() {
        now.set(Duration.ofDays(1).toNanos());

        assertThat(outbox.isStalled()).isFalse();
        assertThat(outbox.send(MESSAGE)).isTrue();
    }

    @Test
    void nothingIsSentAfterTheEnd() {
        outbox.complete();
        outbox.fail(new IllegalStateException());

        assertThat(outbox.send(MESSAGE)).isFalse();
        assertThat(connection.sent).isEmpty();
        assertThat(connection.ends).isEqualTo(1);
    }

    /** The server's end of a connection, as ready as the test says. */
    private static final class Connection extends ServerCallStreamObserver<Wire.ServerMessage> {
        private final List<Wire.ServerMessage> sent = new ArrayList<>();
        private boolean ready = true;
        private int readyFor;
        private int ends;

        @Override
        public boolean isReady() {
            return ready || readyFor > 0;
        }

        @Override
        public void onNext(Wire.ServerMessage message) {
            readyFor--;
            sent.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ends++;
        }

        @Override
        public void onCompleted() {
            ends++;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(@Nullable Runnable handler) {}

        @Override
        public void setOnReadyHandler(@Nullable Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
