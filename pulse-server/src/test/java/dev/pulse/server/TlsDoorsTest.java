package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.client.PulseClient;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.tls.TestAuthority;
import dev.pulse.tls.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS at both doors: who is let in, who is turned away and how, and a certificate that changes under load. */
final class TlsDoorsTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("the authority");
    private static final TestAuthority STRANGERS = new TestAuthority("some other authority");
    private static final int RELOADS = 20;

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        AUTHORITY.localhost().write(certificate(), key());
        Files.writeString(authority(), AUTHORITY.pem());
        DoorConfig plain = TestServer.CONFIG.doors();
        server = TestServer.start(new DoorConfig(
                plain.http(),
                plain.grpc(),
                false,
                plain.bodyBytes(),
                new TlsFiles(certificate(), key(), authority()),
                false,
                QuotaConfig.DEFAULT));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void aGoodCertificate() {
        AUTHORITY.localhost().write(certificate(), key());
        server.server().reloadCertificate();
    }

    @Test
    void bothDoorsSpeakTls() throws Exception {
        try (PulseClient client = PulseClient.connect(secure("localhost"));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(trusting(AUTHORITY)).build()) {
            assertThat(client.counts().total()).isNotNull();
            assertThat(get(http, "/stats").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatIsNotBelievedGetsNoCall() {
        for (String address : List.of(
                "grpcs://localhost:" + port(), // the system's authorities know nothing of ours
                "grpcs://localhost:" + port() + "?ca=" + other(STRANGERS))) {
            try (PulseClient client = PulseClient.connect(address)) {
                PulseException refused = catchThrowableOfType(PulseException.class, client::counts);

                assertThat(refused.code()).isEqualTo(ErrorCode.UNREACHABLE);
                assertThat(refused).hasMessageContaining("not believed").hasMessageContaining("?ca=FILE");
            }
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefusedByTheClient() {
        AUTHORITY
                .sign("elsewhere", List.of("dns:elsewhere.example"), Duration.ofDays(1))
                .write(certificate(), key());
        server.server().reloadCertificate();

        try (PulseClient client = PulseClient.connect(secure("localhost"))) {
            assertThat(catchThrowableOfType(PulseException.class, client::counts))
                    .hasMessageContaining("for another name");
        }
    }

    @Test
    void aClientsCertificateIsCheckedWhereItShowsOne() throws Exception {
        TestAuthority.Signed good = AUTHORITY.sign("w", List.of("uri:spiffe://example/w"), Duration.ofDays(1));
        TestAuthority.Signed bad = STRANGERS.sign("w", List.of("uri:spiffe://example/w"), Duration.ofDays(1));
        TestAuthority.Signed old = AUTHORITY.sign("w", List.of("uri:spiffe://example/w"), Duration.ofDays(-1));

        try (HttpClient http = HttpClient.newBuilder().sslContext(showing(good)).build()) {
            assertThat(get(http, "/stats").statusCode()).isEqualTo(200);
        }
        for (TestAuthority.Signed refused : List.of(bad, old)) {
            try (HttpClient http =
                    HttpClient.newBuilder().sslContext(showing(refused)).build()) {
                assertThat(catchThrowable(() -> get(http, "/stats"))).isInstanceOf(IOException.class);
            }
        }
        Path certificate = folder.resolve("client.pem");
        Path key = folder.resolve("client-key.pem");
        good.write(certificate, key);
        String known = secure("localhost") + "&cert=" + certificate + "&key=" + key;
        try (PulseClient client = PulseClient.connect(known)) {
            assertThat(client.counts()).isNotNull();
        }
        bad.write(certificate, key);
        try (PulseClient client = PulseClient.connect(known)) {
            assertThat(catchThrowableOfType(PulseException.class, client::counts)
                            .code())
                    .isEqualTo(ErrorCode.UNREACHABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oldProtocolsAndSuitesAreRefused(boolean http) throws Exception {
        try (SSLSocket socket = (SSLSocket) trusting(AUTHORITY)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), http ? httpPort() : port())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            assertThat(catchThrowable(socket::startHandshake)).isInstanceOf(IOException.class);
        }
        // A hello of TLS 1.1, which this Java would not send: answered by an alert, or by the end.
        byte[] hello = HexFormat.of()
                .parseHex("16030100310100002d0302" + "00".repeat(32) + "00" + "0006c02bc009c013" + "0100");
        byte[] answer = exchange(http ? httpPort() : port(), hello);
        assertThat(answer.length == 0 || answer[0] == 0x15)
                .as(HexFormat.of().formatHex(answer))
                .isTrue();
    }

    @Test
    void b68PlainHttpAtATlsPortIsToldWhatToWrite() throws IOException {
        byte[] request = "GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        assertThat(new String(exchange(httpPort(), request), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("This port speaks TLS: write https://...\n");
        assertThat(new String(exchange(port(), request), StandardCharsets.ISO_8859_1))
                .doesNotContain("200 OK");
    }

    @Test
    void b68APlaintextClientIsTurnedAwayCleanly() {
        try (PulseClient client = PulseClient.connect("localhost:" + port())) {
            PulseException refused = catchThrowableOfType(PulseException.class, client::counts);

            assertThat(refused.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(refused).hasMessageContaining("write grpcs://");
        }
    }

    @Test
    void b68TlsAtAPlaintextPortIsTurnedAwayCleanly() throws Exception {
        try (TestServer plain = TestServer.start();
                PulseClient client = PulseClient.connect(
                        "grpcs://localhost:" + plain.server().grpcAddress().port() + "?ca=" + authority());
                SSLSocket socket = (SSLSocket) trusting(AUTHORITY)
                        .getSocketFactory()
                        .createSocket(
                                InetAddress.getLoopbackAddress(),
                                plain.server().httpAddress().port())) {
            assertThat(catchThrowableOfType(PulseException.class, client::counts)
                            .code())
                    .isEqualTo(ErrorCode.UNREACHABLE);
            socket.setSoTimeout(10_000);
            assertThat(catchThrowable(socket::startHandshake)).isInstanceOf(IOException.class);
            assertThat(plain.get("/health/live").status()).isEqualTo(200);
        }
    }

    /** Must show: real files replaced under running calls, connections and a worker's stream; nothing fails. */
    @Test
    void aReloadUnderLoadFailsNoCallAndCutsNoStream() throws Exception {
        JobType<String> echo = JobType.of("echo", String.class);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> callers = new ArrayList<>();
        try (Pulse worker = Pulse.connect(secure("localhost"));
                PulseClient steady = PulseClient.connect(secure("localhost"));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(trusting(AUTHORITY)).build()) {
            worker.handle(echo, (job, text) -> {
                handled.incrementAndGet();
            });
            worker.start();
            callers.add(loop(over, failures, () -> {
                worker.enqueue(echo, "x");
                calls.incrementAndGet();
            }));
            callers.add(loop(over, failures, () -> {
                assertThat(get(http, "/stats").statusCode()).isEqualTo(200);
                calls.incrementAndGet();
            }));
            callers.add(loop(over, failures, () -> {
                try (PulseClient fresh = PulseClient.connect(secure("localhost"))) {
                    assertThat(fresh.counts()).isNotNull();
                    calls.incrementAndGet();
                }
            }));
            assertThat(until(() -> handled.get() > 0, failures)).isTrue();
            String session = steady.workers().getFirst().spec().id().toString();

            for (int i = 0; i < RELOADS; i++) {
                TestAuthority.Signed next = AUTHORITY.localhost();
                int before = calls.get();
                int jobs = handled.get();
                Files.writeString(key(), next.keyPem()); // half done: the pair does not fit, the old one stays
                server.server().reloadCertificate();
                Files.writeString(certificate(), next.certificatePem());
                server.server().reloadCertificate();

                assertThat(shown(httpPort())).isEqualTo(next.certificate());
                assertThat(shown(port())).isEqualTo(next.certificate());
                assertThat(until(() -> calls.get() > before + 3 && handled.get() > jobs, failures))
                        .isTrue();
            }
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(failures).isEmpty();
            assertThat(steady.workers())
                    .as("the stream that was open before the first reload")
                    .anySatisfy(one -> assertThat(one.spec().id()).hasToString(session));
            System.out.println("tls: " + RELOADS + " reloads under " + calls + " calls and " + handled
                    + " jobs over one stream, " + failures.size() + " failed");
        }
    }

    @Test
    void b104AFileOfNoUseKeepsTheOldCertificate() throws Exception {
        Certificate before = shown(port());
        Files.writeString(certificate(), "nonsense");
        server.server().reloadCertificate();

        assertThat(shown(port())).isEqualTo(before);
        assertThat(shown(httpPort())).isEqualTo(before);
        assertThat(server.server().isCertificateStale()).isTrue();
        assertThat(server.server().certificateExpiresAt()).isPresent();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Thread loop(AtomicBoolean over, Queue<Throwable> failures, Step step) {
        return Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    step.run();
                } catch (Throwable e) {
                    failures.add(e);
                    return;
                }
            }
        });
    }

    private static boolean until(java.util.function.BooleanSupplier condition, Queue<Throwable> failures) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean() && failures.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(failures).isEmpty();
        return condition.getAsBoolean();
    }

    private static HttpResponse<String> get(HttpClient http, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + httpPort() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] exchange(int port, byte[] sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(sent);
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketException e) {
                // what the server had not read when it closed resets the connection
            }
            return answer.toByteArray();
        }
    }

    /** The certificate that a new handshake is shown. */
    private static Certificate shown(int port) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                trusting(AUTHORITY).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {port == port() ? "h2" : "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLContext trusting(TestAuthority authority) throws GeneralSecurityException, IOException {
        return context(authority, null);
    }

    private static SSLContext showing(TestAuthority.Signed own) throws GeneralSecurityException, IOException {
        return context(AUTHORITY, new Stubborn(own));
    }

    private static SSLContext context(TestAuthority authority, @Nullable Stubborn own)
            throws GeneralSecurityException, IOException {
        KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
        believed.load(null, null);
        believed.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : new KeyManager[] {own}, trust.getTrustManagers(), null);
        return context;
    }

    /** Shows its certificate whoever the server says that it believes. */
    private static final class Stubborn extends X509ExtendedKeyManager {
        private final TestAuthority.Signed own;

        Stubborn(TestAuthority.Signed own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String[] getClientAliases(String kind, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String kind, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }

    private static String secure(String host) {
        return "grpcs://" + host + ":" + port() + "?ca=" + authority();
    }

    private static Path other(TestAuthority authority) {
        try {
            return Files.writeString(folder.resolve("strangers.pem"), authority.pem());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int port() {
        return server.server().grpcAddress().port();
    }

    private static int httpPort() {
        return server.server().httpAddress().port();
    }

    private static Path certificate() {
        return folder.resolve("certificate.pem");
    }

    private static Path key() {
        return folder.resolve("key.pem");
    }

    private static Path authority() {
        return folder.resolve("authority.pem");
    }
}
