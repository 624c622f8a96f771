package dev.pulse.server;

import dev.pulse.tls.TlsMaterial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for the HTTP door. The web server lays TLS over each accepted socket, on the connection's own thread, by asking its
 * context for a socket; this context answers whoever speaks plain HTTP before it does so, and sets what the web server leaves
 * as it is: protocols, suites, and whether clients show a certificate.
 */
final class HttpTls extends SSLContextSpi {
    /** A client that resumes a session is not asked for its certificate again; so it must not resume for long. */
    private static final Duration RESUMABLE = Duration.ofMinutes(5);

    /** Of a request in plain HTTP that is read on, so that its sender reads the answer. */
    private static final int MAX_REFUSED = 1 << 20;

    private static final int HANDSHAKE_RECORD = 0x16;
    private static final String SPEAKS_TLS = "This port speaks TLS: write https://...\n";
    private static final byte[] USE_HTTPS = String.join(
                    "\r\n",
                    "HTTP/1.1 400 Bad Request",
                    "Content-Type: text/plain; charset=utf-8",
                    "Connection: close",
                    "Content-Length: " + SPEAKS_TLS.length(),
                    "",
                    SPEAKS_TLS)
            .getBytes(StandardCharsets.US_ASCII);

    private final SSLContext context;
    private final Sockets sockets;

    private HttpTls(SSLContext context, boolean asksClients, Handshakes handshakes) {
        this.context = context;
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(TlsMaterial.PROTOCOLS.toArray(String[]::new));
        parameters.setCipherSuites(TlsMaterial.CIPHERS.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setWantClientAuth(asksClients);
        this.sockets = new Sockets(context.getSocketFactory(), parameters, handshakes);
    }

    /** Told of each connection before its handshake. */
    interface Handshakes {
        /**
         * On the connection's own thread, before the first byte is read.
         *
         * @throws IOException where the connection is not wanted
         */
        void begins(Socket socket) throws IOException;

        /** Told of one that speaks no TLS. */
        void plain(Socket socket);
    }

    static SSLContext context(TlsMaterial material, Handshakes handshakes) {
        try {
            SSLContext real = SSLContext.getInstance("TLS");
            real.init(
                    new KeyManager[] {material.keys().orElseThrow()},
                    material.authorities()
                            .map(manager -> new TrustManager[] {manager})
                            .orElse(null),
                    null);
            real.getServerSessionContext().setSessionTimeout((int) RESUMABLE.toSeconds());
            HttpTls own = new HttpTls(real, material.authorities().isPresent(), handshakes);
            return new SSLContext(own, real.getProvider(), real.getProtocol()) {};
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot speak TLS", e);
        }
    }

    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory factory;
        private final SSLParameters parameters;
        private final Handshakes handshakes;

        Sockets(SSLSocketFactory factory, SSLParameters parameters, Handshakes handshakes) {
            this.factory = factory;
            this.parameters = parameters;
            this.handshakes = handshakes;
        }

        /** What the web server asks for. */
        @Override
        public Socket createSocket(Socket plain, @Nullable InputStream consumed, boolean autoClose) throws IOException {
            handshakes.begins(plain);
            int first = plain.getInputStream().read();
            if (first < 0) {
                throw new SSLException("closed before the handshake");
            }
            if (first != HANDSHAKE_RECORD) {
                handshakes.plain(plain);
                if (Character.isUpperCase(first)) {
                    refuse(plain);
                }
                throw new SSLException("not TLS");
            }
            InputStream seen = new ByteArrayInputStream(new byte[] {(byte) first});
            SSLSocket secured = (SSLSocket) factory.createSocket(plain, seen, autoClose);
            secured.setSSLParameters(parameters);
            return secured;
        }

        /** What is left unread when a connection is closed resets it, and takes the answer away; so it is read. */
        private static void refuse(Socket plain) throws IOException {
            plain.getOutputStream().write(USE_HTTPS);
            plain.shutdownOutput();
            byte[] waste = new byte[4 << 10];
            int left = MAX_REFUSED;
            for (int read = 0; read >= 0 && left > 0; left -= read) {
                read = plain.getInputStream().read(waste);
            }
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
            throw new UnsupportedOperationException("for servers");
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("for servers");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException("for servers");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("for servers");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException("for servers");
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return parameters.getCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return parameters.getCipherSuites();
        }
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return sockets;
    }

    @Override
    protected void engineInit(
            KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("is ready made");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return context.getSupportedSSLParameters();
    }
}
