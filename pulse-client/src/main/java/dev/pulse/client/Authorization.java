package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Optional;

/** Sends who the client is with each call. Any thread. */
final class Authorization implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String header;

    private Authorization(String header) {
        this.header = header;
    }

    /**
     * Empty for nobody.
     *
     * @param encrypted whether nobody on the way can read what is sent
     * @throws PulseException CONFIGURATION where the secret would be told to others
     */
    static Optional<Authorization> of(ClientConfig config, boolean encrypted) {
        ServerAddress address = config.address();
        if (config.credentials().header().isPresent()
                && !encrypted
                && !address.isLoopback()
                && !config.credentials().isInsecure()) {
            throw new PulseException(
                    ErrorCode.CONFIGURATION,
                    "the secret of " + config.credentials() + " is not sent to " + address + " without TLS, because"
                            + " everybody on the way could read it; use TLS, or accept the risk by"
                            + " PULSE_INSECURE_CREDENTIALS=true or Credentials.insecure()");
        }
        return config.credentials().header().map(Authorization::new);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                headers.put(AUTHORIZATION, header);
                super.start(listener, headers);
            }
        };
    }
}
