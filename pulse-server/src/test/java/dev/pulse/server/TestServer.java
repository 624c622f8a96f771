package dev.pulse.server;

import dev.pulse.access.AccessConfig;
import dev.pulse.access.ThrottleConfig;
import dev.pulse.access.User;
import dev.pulse.engine.EngineConfig;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import dev.pulse.storememory.MemoryStores;
import dev.pulse.storepostgres.PgConfig;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server on the store in memory, or on a database, and callers at both of its doors. */
final class TestServer implements AutoCloseable {
    static final ServerConfig CONFIG = new ServerConfig(
            PgConfig.defaults(""),
            new DoorConfig(new Address("127.0.0.1", 0), new Address("127.0.0.1", 0), false, 1 << 20),
            new Limits(64 * 1024),
            EngineConfig.DEFAULT,
            AccessConfig.OPEN,
            Duration.ofSeconds(9),
            null);

    /** Lets tests bring wrong credentials as often as they like. */
    private static final ThrottleConfig PATIENT = new ThrottleConfig(
            1_000, 1_000, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final @Nullable Stores stores;
    private final PulseServer server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ManagedChannel channel;
    private final String authorization;

    private TestServer(@Nullable Stores stores, PulseServer server) {
        this(
                stores,
                server,
                NettyChannelBuilder.forAddress("127.0.0.1", server.grpcAddress().port())
                        .usePlaintext()
                        .build(),
                "");
    }

    private TestServer(@Nullable Stores stores, PulseServer server, ManagedChannel channel, String authorization) {
        this.stores = stores;
        this.server = server;
        this.channel = channel;
        this.authorization = authorization;
    }

    static TestServer start() {
        Stores stores = new MemoryStores(InstantSource.system(), new Random()).stores();
        return new TestServer(stores, PulseServer.start(CONFIG, stores, new NoHints(), () -> {}));
    }

    /** In memory, for these users only; {@link #as} signs one in. */
    static TestServer withUsers(String users) {
        Stores stores = new MemoryStores(InstantSource.system(), new Random()).stores();
        return new TestServer(stores, PulseServer.start(withUsers(CONFIG, users), stores, new NoHints(), () -> {}));
    }

    /** On a real database, for these users only, who are not to guess. */
    static TestServer withUsers(String database, String users) {
        return new TestServer(
                null,
                PulseServer.start(
                        withUsers(CONFIG, users, ThrottleConfig.DEFAULT).withDatabase(database)));
    }

    /** The same server for these users only. */
    static ServerConfig withUsers(ServerConfig config, String users) {
        return withUsers(config, users, PATIENT);
    }

    private static ServerConfig withUsers(ServerConfig config, String users, ThrottleConfig throttle) {
        List<User> all = User.parse(users, fault -> {
            throw new IllegalArgumentException(fault);
        });
        return new ServerConfig(
                config.database(),
                config.doors(),
                config.limits(),
                config.engine(),
                new AccessConfig(all, Map.of(), false, throttle),
                config.drainLimit(),
                config.dataDirectory());
    }

    /** The same server, called by that user at both doors; not to be closed by itself. */
    TestServer as(String name, String secret) {
        return authorized(basic(name, secret));
    }

    /** The same server, called with that header at both doors; not to be closed by itself. */
    TestServer authorized(String header) {
        return new TestServer(stores, server, channel, header);
    }

    static String basic(String name, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** On the store in memory, with doors of the test's own; its callers here speak plaintext only. */
    static TestServer start(DoorConfig doors) {
        ServerConfig config = new ServerConfig(
                CONFIG.database(), doors, CONFIG.limits(), CONFIG.engine(), CONFIG.access(), CONFIG.drainLimit(), null);
        Stores stores = new MemoryStores(InstantSource.system(), new Random()).stores();
        return new TestServer(stores, PulseServer.start(config, stores, new NoHints(), () -> {}));
    }

    /** On a real database. */
    static TestServer start(String database) {
        return new TestServer(null, PulseServer.start(CONFIG.withDatabase(database)));
    }

    /** One replica has no others to tell. */
    static final class NoHints implements Hints {
        @Override
        public void announce(Map<Integer, Long> lowest) {}

        @Override
        public void listen(Consumer<Map<Integer, Long>> onHint) {}

        @Override
        public void close() {}
    }

    PulseServer server() {
        return server;
    }

    /** Of the server in memory. */
    Stores stores() {
        return Objects.requireNonNull(stores);
    }

    ManagedChannel channel() {
        return channel;
    }

    /** For calls without a stub. */
    Channel authorizedChannel() {
        return authorization.isEmpty() ? channel : ClientInterceptors.intercept(channel, attaching(authorization));
    }

    PulseServiceGrpc.PulseServiceBlockingStub grpc() {
        PulseServiceGrpc.PulseServiceBlockingStub stub = PulseServiceGrpc.newBlockingStub(channel);
        return authorization.isEmpty() ? stub : stub.withInterceptors(attaching(authorization));
    }

    /** For other stubs than {@link #grpc}. */
    static ClientInterceptor attaching(String... authorizations) {
        Metadata metadata = new Metadata();
        for (String authorization : authorizations) {
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        }
        return MetadataUtils.newAttachHeadersInterceptor(metadata);
    }

    /** How many jobs the store holds, in whatever status. */
    long storedJobs() {
        return stores().jobs().counts().total().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    long jobsIn(JobStatus status) {
        return stores().jobs().counts().total().getOrDefault(status, 0L);
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer post(String path, String body) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    Answer post(String path, byte[] body, String contentType) {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
    }

    Answer patch(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path))
                .timeout(Duration.ofSeconds(30));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /** For answers without end. */
    HttpResponse<InputStream> open(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends bytes as they are and reads until the server closes, or all that comes once our side is shut. */
    String raw(String request) {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.httpAddress().port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came back over HTTP. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The first field of that name that holds text or a number; empty where there is none. */
        String field(String name) {
            return TestServer.field(body(), name);
        }
    }

    static String field(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([-0-9.a-z]+))")
                .matcher(json);
        if (!field.find()) {
            return "";
        }
        return field.group(1) != null ? field.group(1) : field.group(2);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        http.close();
        server.close();
    }
}
