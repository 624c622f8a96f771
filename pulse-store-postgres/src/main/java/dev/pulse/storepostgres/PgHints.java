package dev.pulse.storepostgres;

import dev.pulse.store.Hints;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints over NOTIFY (E14): sent from one connection, never inside anybody's transaction, at most ten a second, lane numbers
 * only; received on another by a thread that does nothing but drain, so that a full notify queue never pins the database.
 * Everything here may be lost: the claimer's poll is the guarantee.
 */
final class PgHints implements Hints {
    private static final Logger LOG = LoggerFactory.getLogger(PgHints.class);

    private static final long GAP_MS = 100;
    private static final int RECEIVE_MS = 500;
    private static final long RECONNECT_MS = 1_000;
    /** A NOTIFY takes 8000 bytes, and a lane with its place 32 at most; what is more goes into the next one. */
    private static final int MAX_LANES = 200;

    private final DataSource connections;
    private final boolean sends;
    private final boolean hears;
    private final String channel;
    private final String self = Long.toHexString(ProcessHandle.current().pid()) + "-" + Integer.toHexString(hashCode());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Long> waiting = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread sender =
            Thread.ofPlatform().name("pulse-hints-send").daemon().unstarted(this::send);
    private volatile boolean listening;
    private volatile Consumer<Map<Integer, Long>> listener = lanes -> {};
    private final Thread receiver =
            Thread.ofPlatform().name("pulse-hints-receive").daemon().unstarted(this::receive);

    /**
     * @param sends whether a connection may be kept for sending; else the others learn by their poll
     * @param hears whether a connection may be kept for listening; else this server learns by its poll
     */
    PgHints(DataSource connections, String schema, boolean sends, boolean hears) {
        this.connections = connections;
        this.sends = sends;
        this.hears = hears;
        this.channel = schema + "_lanes";
    }

    @Override
    public void announce(Map<Integer, Long> lowest) {
        if (!sends) {
            return;
        }
        lock.lock();
        try {
            lowest.forEach((lane, place) -> waiting.merge(lane, place, Math::min));
            changed.signalAll(); // the other thread may be the one that waits here, between two tries
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void listen(Consumer<Map<Integer, Long>> onHint) {
        listener = onHint;
        if (sends) {
            sender.start();
        }
        if (hears) {
            receiver.start();
        }
    }

    private void send() {
        while (!closed.get()) {
            try (Connection connection = connections.getConnection();
                    PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
                while (!closed.get()) {
                    Map<Integer, Long> lowest = takeWaiting();
                    notify.setString(1, channel);
                    notify.setString(2, self + encode(lowest));
                    notify.execute();
                    pause(GAP_MS);
                }
            } catch (SQLException e) {
                LOG.debug("hints: cannot send, trying again: {}", e.getMessage());
                pause(RECONNECT_MS);
            }
        }
    }

    private Map<Integer, Long> takeWaiting() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed.get()) {
                changed.awaitUninterruptibly();
            }
            Map<Integer, Long> taken = new HashMap<>();
            waiting.entrySet().stream().limit(MAX_LANES).forEach(entry -> taken.put(entry.getKey(), entry.getValue()));
            waiting.keySet().removeAll(taken.keySet());
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static String encode(Map<Integer, Long> lowest) {
        StringBuilder text = new StringBuilder();
        lowest.forEach((lane, place) -> {
            text.append(' ').append(lane);
            if (place != AT_THE_END) {
                text.append(':').append(place);
            }
        });
        return text.toString();
    }

    private void receive() {
        while (!closed.get()) {
            try (Connection connection = connections.getConnection()) {
                try (java.sql.Statement listen = connection.createStatement()) {
                    listen.execute("listen " + channel);
                }
                listening = true;
                PGConnection notifications = connection.unwrap(PGConnection.class);
                while (!closed.get()) {
                    PGNotification[] batch = notifications.getNotifications(RECEIVE_MS);
                    if (batch != null && batch.length > 0) {
                        deliver(batch);
                    }
                }
            } catch (SQLException e) {
                listening = false;
                LOG.debug("hints: cannot listen, trying again: {}", e.getMessage());
                pause(RECONNECT_MS);
            }
        }
    }

    private void deliver(PGNotification[] batch) {
        Map<Integer, Long> lowest = new HashMap<>();
        for (PGNotification notification : batch) {
            String[] words = notification.getParameter().split(" ", -1);
            for (int i = 1; i < words.length && !words[0].equals(self); i++) {
                String[] parts = words[i].split(":", -1);
                long place = parts.length > 1 ? Long.parseLong(parts[1]) : AT_THE_END;
                lowest.merge(Integer.parseInt(parts[0]), place, Math::min);
            }
        }
        if (!lowest.isEmpty()) {
            listener.accept(lowest);
        }
    }

    @Override
    public Hearing hearing() {
        return !hears ? Hearing.OFF : listening ? Hearing.WORKING : Hearing.LOST;
    }

    private void pause(long millis) {
        lock.lock();
        try {
            if (!closed.get()) {
                long left = changed.awaitNanos(millis * 1_000_000);
                while (left > 0 && !closed.get()) {
                    left = changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
