package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls, spread over the connections. The answer completes a future on the connection's own thread, without a hop
 * through an executor and with one wake-up of the caller: at tens of thousands of calls a second that is most of the cost.
 */
final class Calls {
    private final List<ManagedChannel> channels;
    private final ServerAddress address;
    private final AtomicInteger next = new AtomicInteger();

    private record Started<A>(ClientCall<?, A> call, CompletableFuture<A> answer) {}

    Calls(List<ManagedChannel> channels, ServerAddress address) {
        this.channels = List.copyOf(channels);
        this.address = address;
    }

    /** Sends a request and waits for the answer; an interrupt cancels the call. */
    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        Started<A> started = begin(method, request, timeout);
        return await(started.answer, cause -> started.call.cancel("the caller was interrupted", cause));
    }

    /** Sends a request; the answer, or a {@link PulseException}, comes on the connection's own thread. */
    <Q, A> CompletableFuture<A> start(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        return begin(method, request, timeout).answer;
    }

    /** Waits for an answer; an interrupt stops the wait, and what follows from that is done by {@code onInterrupt}. */
    <A> A await(CompletableFuture<A> answer, Consumer<InterruptedException> onInterrupt) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            onInterrupt.accept(e);
            Thread.currentThread().interrupt();
            throw new PulseException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "interrupted before the answer came: whether it was done is not known",
                    e);
        } catch (ExecutionException e) {
            // Made anew, so that the stack is the caller's and not that of the connection's thread.
            throw e.getCause() instanceof PulseException trouble
                    ? new PulseException(
                            trouble.code(), String.valueOf(trouble.getMessage()), trouble.violations(), trouble)
                    : new PulseException(ErrorCode.INTERNAL, "the call failed", e);
        }
    }

    /** The next connection in turn. */
    ManagedChannel channel() {
        return channels.get(Math.floorMod(next.getAndIncrement(), channels.size()));
    }

    private <Q, A> Started<A> begin(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        ManagedChannel channel = channel();
        CallOptions options = CallOptions.DEFAULT
                .withExecutor(Runnable::run)
                .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
        ClientCall<Q, A> call = channel.newCall(method, options);
        CompletableFuture<A> answer = new CompletableFuture<>();
        call.start(new Answer<>(answer, failure -> trouble(failure, channel)), new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        return new Started<>(call, answer);
    }

    private PulseException trouble(StatusRuntimeException failure, ManagedChannel channel) {
        PulseException trouble = WireErrors.fromStatus(failure);
        if (trouble.code() != ErrorCode.UNREACHABLE) {
            return trouble;
        }
        // Else calls would fail for up to two minutes after the server is back, because gRPC waits before it tries.
        channel.resetConnectBackoff();
        return new PulseException(
                ErrorCode.UNREACHABLE,
                "no answer from " + address + ": " + trouble.getMessage() + TlsHints.of(failure, address.tls() != null),
                failure);
    }

    void close() {
        channels.forEach(Channels::close);
    }

    /** Hands one message, or the reason why there is none, to the waiting caller. */
    private static final class Answer<A> extends ClientCall.Listener<A> {
        private final CompletableFuture<A> answer;
        private final Function<StatusRuntimeException, PulseException> translation;
        private @Nullable A message;

        Answer(CompletableFuture<A> answer, Function<StatusRuntimeException, PulseException> translation) {
            this.answer = answer;
            this.translation = translation;
        }

        @Override
        public void onMessage(A value) {
            message = value;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk() && message != null) {
                answer.complete(message);
            } else {
                Status failed = status.isOk() ? Status.INTERNAL.withDescription("an answer without content") : status;
                answer.completeExceptionally(translation.apply(failed.asRuntimeException(trailers)));
            }
        }
    }
}
