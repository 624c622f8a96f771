package dev.pulse.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The wire between one server and its database, which a scenario cuts and mends: while cut, whatever connects is hung up on. */
final class Wire implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private final int behind;
    private volatile boolean cut;

    /** @param behind the port on this machine that the wire leads to */
    Wire(int behind) throws IOException {
        this.behind = behind;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void cut() {
        cut = true;
        ends.forEach(Wire::hangUp);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                ends.add(near);
                if (cut) {
                    hangUp(near);
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), behind);
                ends.add(far);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            } catch (IOException e) {
                // the database is away, or the scenario is over: whoever connected is hung up on with the next cut
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[64 * 1024];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                out.write(some, 0, read);
            }
        } catch (IOException e) {
            // one end is gone, and the other goes with it
        } finally {
            ends.remove(from);
            ends.remove(to);
        }
    }

    private static void hangUp(Socket end) {
        try {
            end.close();
        } catch (IOException e) {
            // it was closed already
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // the process ends anyway
        }
        cut();
    }
}
