package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.access.Origin;
import dev.pulse.access.SignIn;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.tls.TlsMaterial;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST door: takes requests in, refuses what is none, and hands the rest to its route. Every request runs on a virtual
 * thread of its own and may block. A body that is too large is read and thrown away within bounds before the refusal, because
 * most clients read no answer while they are still sending.
 */
final class HttpDoor implements AutoCloseable {
    private static final int MAX_HEADERS = 32 << 10;
    private static final int MAX_REQUEST_LINE = 16 << 10;
    private static final int MAX_CONNECTIONS = 4_096;
    /** What is thrown away of a body that is too large; what goes on beyond that is cut off. */
    private static final int MAX_DISCARDED = 64 << 20;

    private static final Duration DISCARD_WITHIN = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    /** How to sign in; browsers then ask for name and password. */
    private static final String CHALLENGE = "Basic realm=\"pulse\", charset=\"UTF-8\"";

    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private static final Set<ErrorCode> LEAVES_THE_BODY = Set.of(ErrorCode.BODY_TOO_LARGE, ErrorCode.MALFORMED_REQUEST);

    private final Router router;
    private final CallCounts counts;
    private final LongSupplier ticker;
    private final SignIn signIn;
    private final Quotas quotas;
    private final Denials denials;
    private final SiteGuard guard;
    private final Address address;
    private final HttpLines lines;
    private final WebServer server;

    private HttpDoor(
            Address wanted,
            int maxBody,
            Router router,
            SignIn signIn,
            Denials denials,
            CallCounts counts,
            Quotas quotas,
            LongSupplier ticker,
            PaceConfig pace,
            @Nullable TlsMaterial tls) {
        this.quotas = quotas;
        this.denials = denials;
        this.signIn = signIn;
        this.counts = counts;
        this.ticker = ticker;
        this.router = router;
        this.guard = new SiteGuard(wanted.isLoopback());
        this.lines = new HttpLines(
                Http1ConnectionSelector.builder()
                        .config(Http1Config.builder()
                                .maxHeadersSize(MAX_HEADERS)
                                .maxPrologueLength(MAX_REQUEST_LINE)
                                .build())
                        .build(),
                pace,
                ticker);
        WebServerConfig.Builder builder = WebServer.builder()
                .address(wanted.socket().getAddress())
                .port(wanted.port())
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .maxPayloadSize((long) maxBody + MAX_DISCARDED)
                .maxTcpConnections(MAX_CONNECTIONS)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .protocolsDiscoverServices(false)
                .featuresDiscoverServices(false)
                .addConnectionSelector(lines)
                .directHandlers(directHandlers())
                .routing(HttpRouting.builder().any(this::handle));
        if (tls != null) {
            // Its other kind of sockets makes TLS without asking the context for a socket.
            builder.useNio(false).tls(secured -> secured.sslContext(HttpTls.context(tls, lines)));
        }
        this.server = builder.build();
        this.address = listen(wanted, server);
    }

    /**
     * Listens.
     *
     * @param maxBody largest body of any route, in bytes
     * @param denials is told whom a rule or a route refused
     * @param counts is told of each call
     * @param ticker monotonic nanoseconds
     * @param tls null for plain HTTP
     * @throws PulseException CONFIGURATION where the port is taken
     */
    static HttpDoor open(
            Address wanted,
            int maxBody,
            Router router,
            SignIn signIn,
            Denials denials,
            CallCounts counts,
            Quotas quotas,
            LongSupplier ticker,
            PaceConfig pace,
            @Nullable TlsMaterial tls) {
        return new HttpDoor(wanted, maxBody, router, signIn, denials, counts, quotas, ticker, pace, tls);
    }

    /** The names of all that can be called here. */
    List<String> routes() {
        return router.names();
    }

    /** The connections; somebody has to step them each {@link HttpLines#EVERY}. */
    HttpLines lines() {
        return lines;
    }

    /** Where it listens, with the port that it got. */
    Address address() {
        return address;
    }

    @Override
    public void close() {
        server.stop();
    }

    private static Address listen(Address wanted, WebServer server) {
        // Asked first, because the web server logs why it cannot listen and tells its caller nothing.
        Ports.requireFree(Setting.HTTP_ADDR, wanted);
        server.start();
        if (!server.isRunning()) {
            throw Ports.refused(Setting.HTTP_ADDR, wanted, new IOException("the web server did not start"));
        }
        return wanted.withPort(server.port());
    }

    private void handle(ServerRequest request, ServerResponse response) {
        lines.headersAreComplete();
        try {
            respond(request, response);
        } finally {
            lines.isIdle();
        }
    }

    private void respond(ServerRequest request, ServerResponse response) {
        long from = ticker.getAsLong();
        Reply reply;
        String route = CallCounts.NO_ROUTE;
        try {
            Router.Match match = match(request);
            route = match.route().name();
            reply = answer(request, match);
        } catch (Exception | LinkageError | StackOverflowError e) {
            reply = Reply.problem(Failures.of(e));
            if (reply.status() == ErrorCode.METHOD_NOT_ALLOWED.httpStatus()) {
                reply = reply.with("Allow", router.allowed(segments(request)));
            } else if (reply.status() == ErrorCode.UNAUTHENTICATED.httpStatus()) {
                reply = reply.with("WWW-Authenticate", CHALLENGE);
            } else if (e instanceof PulseException trouble && LEAVES_THE_BODY.contains(trouble.code())) {
                // What is left of the body is never read: the connection is of no use any more.
                reply = reply.with("Connection", "close");
            }
        }
        counts.http(route, reply.status(), ticker.getAsLong() - from);
        send(request, response, reply);
    }

    private Router.Match match(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
        guard.check(
                headers.first(HeaderNames.HOST).orElse(""),
                headers.first(FETCH_SITE),
                headers.first(HeaderNames.ORIGIN));
        return router.find(request.prologue().method().text(), segments(request));
    }

    private Reply answer(ServerRequest request, Router.Match match) throws Exception {
        Access access = signIn(match.route().rule(), request);
        try {
            match.route().rule().check(access); // before the body is read: whoever may not call sends in vain
            return answer(request, match, access);
        } catch (PulseException e) {
            denials.look(e, access, match);
            throw e;
        }
    }

    private Reply answer(ServerRequest request, Router.Match match, Access access) throws Exception {
        ServerRequestHeaders headers = request.headers();
        String method = request.prologue().method().text();
        Quotas.Usage usage = quotas.of(access);
        usage.request();
        byte[] body = new byte[0];
        if (method.equals("POST") || method.equals("PATCH")) {
            requireJson(headers.first(HeaderNames.CONTENT_TYPE).orElse(""));
            body = read(request, match.route().maxBody());
        }
        Call call = new Call(
                match.variables(),
                Uris.query(request.prologue().query().rawValue()),
                body,
                access,
                headers.first(LAST_EVENT_ID).orElse(""));
        Reply reply = match.route().handler().answer(call);
        return reply.stream() == null ? reply : counted(reply, reply.stream(), usage);
    }

    private static Reply counted(Reply reply, Reply.Stream stream, Quotas.Usage usage) {
        usage.streamBegins();
        return Reply.stream(reply.contentType(), out -> {
            try {
                stream.writeTo(out);
            } finally {
                usage.streamEnds();
            }
        });
    }

    private Access signIn(Rule rule, ServerRequest request) {
        Origin origin = Origin.of(
                request.remotePeer().address(),
                request.isSecure(),
                Peers.name(request.remotePeer()).orElse(null));
        if (rule.isPublic()) {
            return Access.nobody(origin.address());
        }
        List<String> authorization = request.headers().contains(HeaderNames.AUTHORIZATION)
                ? request.headers().get(HeaderNames.AUTHORIZATION).allValues()
                : List.of();
        return signIn.recall(authorization, origin).orElseGet(() -> signIn.signIn(authorization, origin));
    }

    private static List<String> segments(ServerRequest request) {
        return Uris.segments(request.prologue().uriPath().rawPath());
    }

    /** JSON, nothing, or what {@code curl -d} sends. */
    private static void requireJson(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        boolean isJson = switch (parts[0].strip()) {
            case "", "application/json", "application/x-www-form-urlencoded" -> true;
            default -> false;
        };
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").strip();
            isJson &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!isJson) {
            throw new PulseException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "application/json in UTF-8 is expected, got " + shown(contentType));
        }
    }

    private static String shown(String header) {
        return header.length() > 64 ? header.substring(0, 64) + "…" : header;
    }

    private byte[] read(ServerRequest request, int maxBody) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        boolean announced = request.headers().contentLength().orElse(0) > maxBody;
        if (announced && request.headers().contains(HeaderNames.EXPECT)) {
            throw tooLarge(maxBody);
        }
        // Not closed: closing reads on to the end, which may never come. The server skips or closes by itself.
        try {
            InputStream content = request.content().inputStream();
            byte[] body = announced ? new byte[0] : content.readNBytes(maxBody + 1);
            if (announced || body.length > maxBody) {
                discard(content);
                throw tooLarge(maxBody);
            }
            return body;
        } catch (PulseException e) {
            throw e;
        } catch (RequestException e) {
            throw e.status().code() == ErrorCode.BODY_TOO_LARGE.httpStatus() ? tooLarge(maxBody) : unreadable(e);
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    private void discard(InputStream content) throws IOException {
        long until = ticker.getAsLong() + DISCARD_WITHIN.toNanos();
        byte[] waste = new byte[64 << 10];
        int read = 0;
        for (int left = MAX_DISCARDED; left > 0 && read >= 0 && ticker.getAsLong() < until; left -= Math.max(read, 1)) {
            read = content.read(waste);
        }
    }

    private static PulseException unreadable(Exception cause) {
        return new PulseException(
                ErrorCode.MALFORMED_REQUEST, "the body ended too early, or its chunks are malformed", cause);
    }

    private static PulseException tooLarge(int maxBody) {
        return new PulseException(ErrorCode.BODY_TOO_LARGE, "at most " + maxBody + " bytes are read here");
    }

    private static void send(ServerRequest request, ServerResponse response, Reply reply) {
        response.status(Status.create(reply.status()));
        response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(response::header);
        if (request.prologue().method().text().equals("HEAD")) {
            response.contentLength(reply.body().length);
            response.send();
        } else if (reply.stream() != null) {
            stream(response, reply.stream());
        } else {
            response.send(reply.body());
        }
    }

    private static void stream(ServerResponse response, Reply.Stream stream) {
        try (OutputStream out = response.outputStream()) {
            stream.writeTo(out);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the reader of a stream is gone", e);
        }
    }

    /** What the web server refuses before any route sees it looks like every other refusal. */
    private static DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, HttpDoor::refuse);
        }
        return handlers.build();
    }

    private static DirectHandler.TransportResponse refuse(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        ErrorCode code = switch (type) {
            case PAYLOAD_TOO_LARGE -> ErrorCode.BODY_TOO_LARGE;
            // Defects of ours are answered by the route's own border; what fails here is a request that ended too
            // early.
            case BAD_REQUEST, FORBIDDEN, HTTP_VERSION_NOT_SUPPORTED, INTERNAL_ERROR, OTHER ->
                status.code() == ErrorCode.BODY_TOO_LARGE.httpStatus()
                        ? ErrorCode.BODY_TOO_LARGE
                        : ErrorCode.MALFORMED_REQUEST;
        };
        String detail =
                code != ErrorCode.MALFORMED_REQUEST || message == null || message.isBlank() ? code.title() : message;
        Reply reply = Reply.problem(new PulseException(code, detail));
        return DirectHandler.TransportResponse.builder()
                .status(
                        isOfTheCaller(status) && code == ErrorCode.MALFORMED_REQUEST
                                ? status
                                : Status.create(reply.status()))
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, reply.contentType())
                .keepAlive(false)
                .entity(reply.body())
                .build();
    }

    private static boolean isOfTheCaller(Status status) {
        return status.family() == Status.Family.CLIENT_ERROR;
    }
}
