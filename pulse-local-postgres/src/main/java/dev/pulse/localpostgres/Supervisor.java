package dev.pulse.localpostgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server process, watches it, and starts it again when it dies uncalled. Runs as one platform thread that
 * lives exactly as long as the server is wanted: the kernel ties the server's life to the thread that started it, so
 * this must be neither a pool's thread nor a virtual one.
 *
 * <p>The lock {@code this} guards the state between that thread and the one that closes: after {@link #stop} has set
 * {@code stopping}, no further process is started.
 */
final class Supervisor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final int PORT_TRIES = 5;
    private static final int RESTARTS_IN_A_ROW = 10;
    private static final Duration STABLE = Duration.ofMinutes(1);
    private static final Duration RESTART_PAUSE = Duration.ofMillis(500);
    private static final Duration HARD_STOP_LIMIT = Duration.ofSeconds(15);

    private final LocalPostgresConfig config;
    private final DataFolder folder;
    private final RunAs runAs;
    private final Path binaries;
    private final Waits waits;
    private final CompletableFuture<Integer> started = new CompletableFuture<>();

    private @Nullable Process process;
    private int port;
    private boolean stopping;

    Supervisor(LocalPostgresConfig config, DataFolder folder, RunAs runAs, Path binaries, Waits waits) {
        this.config = config;
        this.folder = folder;
        this.runAs = runAs;
        this.binaries = binaries;
        this.waits = waits;
        this.port = config.port();
    }

    /** Starts the thread; the future holds the port once the server accepts connections. */
    CompletableFuture<Integer> start() {
        Thread.ofPlatform().daemon().name("pulse-postgres").start(this);
        return started;
    }

    @Override
    public void run() {
        try {
            started.complete(firstStart());
        } catch (LocalPostgresException e) {
            started.completeExceptionally(e);
            return;
        } catch (RuntimeException | Error e) {
            started.completeExceptionally(new LocalPostgresException("Cannot start PostgreSQL: " + e, e));
            return;
        }
        keepRunning();
    }

    /** The postmaster's process id; of the newest one, after a crash. */
    synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException("the server was never started");
        }
        return process.pid();
    }

    /** Stops the server: cleanly within the configured limit, else hard, which costs the next start a recovery. */
    void stop() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = process;
        }
        if (last == null || ended(last, "INT", config.stopTimeout()) || ended(last, "QUIT", HARD_STOP_LIMIT)) {
            return;
        }
        LOG.warn("PostgreSQL (pid {}) did not stop and is killed", last.pid());
        last.destroyForcibly()
                .onExit()
                .completeOnTimeout(last, 5, TimeUnit.SECONDS)
                .join();
    }

    private boolean ended(Process last, String signal, Duration limit) {
        if (last.isAlive()) {
            OsProcesses.signal(signal, last.pid());
        }
        return waits.until(limit, () -> !last.isAlive());
    }

    /** A free port may be gone by the time the server binds it: then another one is tried. A given port is not. */
    private int firstStart() {
        for (int tries = 1; ; tries++) {
            int candidate = config.port() == 0 ? freePort() : config.port();
            requireFree(candidate);
            try {
                launch(candidate);
                return candidate;
            } catch (PortTaken e) {
                if (config.port() != 0 || tries == PORT_TRIES) {
                    throw taken(candidate, e);
                }
            }
        }
    }

    private void keepRunning() {
        int failures = 0;
        while (true) {
            long since = waits.now();
            int exit = awaitExit();
            if (isStopping()) {
                return;
            }
            failures = waits.now() - since > STABLE.toNanos() ? 1 : failures + 1;
            LOG.warn("PostgreSQL ended by itself (exit {}); starting it again on port {}", exit, port);
            if (failures > RESTARTS_IN_A_ROW || !restarted(failures)) {
                LOG.error("PostgreSQL does not stay up: {}. Its log: {}", folder.logSince(0), folder.log());
                return;
            }
        }
    }

    private boolean restarted(int failures) {
        for (int tries = failures; tries <= RESTARTS_IN_A_ROW && !isStopping(); tries++) {
            try {
                folder.bringToRest(config.stopTimeout());
                launch(port);
                return true;
            } catch (LocalPostgresException | PortTaken e) {
                LOG.warn("PostgreSQL did not come back: {}", e.getMessage());
                waits.until(RESTART_PAUSE.multipliedBy(tries), this::isStopping);
            }
        }
        return isStopping();
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private int awaitExit() {
        Process current;
        synchronized (this) {
            current = process;
        }
        return current == null ? -1 : current.onExit().join().exitValue();
    }

    private void launch(int onPort) {
        long logged = folder.logSize();
        Process server;
        synchronized (this) {
            if (stopping) {
                return;
            }
            server = startProcess(onPort);
            process = server;
            port = onPort;
        }
        boolean up = waits.until(config.startTimeout(), () -> !server.isAlive() || isReady(server));
        if (isStopping() || (up && server.isAlive())) {
            return;
        }
        String said = folder.logSince(logged);
        if (!up) {
            stopFailed(server);
            throw new LocalPostgresException("PostgreSQL on " + folder.pgdata() + " was not ready after "
                    + config.startTimeout().toSeconds() + " s. The end of " + folder.log() + ": " + said);
        }
        if (said.contains("Address already in use") || said.contains("Address in use")) {
            throw new PortTaken(said);
        }
        throw new LocalPostgresException("PostgreSQL on " + folder.pgdata() + " ended while starting (exit "
                + server.exitValue() + "). The end of " + folder.log() + ": " + said);
    }

    private void stopFailed(Process server) {
        if (!ended(server, "INT", HARD_STOP_LIMIT) && !ended(server, "QUIT", HARD_STOP_LIMIT)) {
            server.destroyForcibly();
        }
    }

    private boolean isReady(Process server) {
        return PostmasterPid.read(folder.pgdata())
                .filter(PostmasterPid::ready)
                .filter(written -> written.pid() == server.pid())
                .isPresent();
    }

    private Process startProcess(int onPort) {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("bin/postgres").toString(),
                "-D",
                folder.pgdata().toString()));
        new TreeMap<>(config.effectiveSettings())
                .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        command.addAll(List.of("-c", "port=" + onPort));
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(folder.log().toFile());
        try {
            Process server = Commands.plain(new ProcessBuilder(runAs.server(command)))
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            server.getOutputStream().close();
            return server;
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot start PostgreSQL: " + Failures.reason(e), e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LocalPostgresException("No free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }

    private static void requireFree(int candidate) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(loopback(), candidate));
        } catch (IOException e) {
            throw taken(candidate, e);
        }
    }

    /** Spelled out, because the machine's own idea of loopback may be ::1. */
    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static LocalPostgresException taken(int candidate, Exception cause) {
        return new LocalPostgresException(
                "Port " + candidate + " on 127.0.0.1, wanted for the local PostgreSQL, is"
                        + " taken by another program. Choose another port, or 0 for a free one.",
                cause);
    }

    /** The server said that its port is in use. */
    private static final class PortTaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        PortTaken(String said) {
            super(said);
        }
    }
}
