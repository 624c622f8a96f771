package dev.pulse.storepostgres;

import dev.pulse.store.Hints;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    /** A NOTIFY takes 8000 bytes; more lanes than this are said as "all", by an empty payload. */
    private static final int MAX_LANES = 500;

    private final String url;
    private final String channel;
    private final String self = Long.toHexString(ProcessHandle.current().pid()) + "-" + Integer.toHexString(hashCode());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Integer> waiting = new HashSet<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread sender =
            Thread.ofPlatform().name("pulse-hints-send").daemon().unstarted(this::send);
    private volatile Consumer<Set<Integer>> listener = lanes -> {};
    private final Thread receiver =
            Thread.ofPlatform().name("pulse-hints-receive").daemon().unstarted(this::receive);

    PgHints(String url, String schema) {
        this.url = url;
        this.channel = schema + "_lanes";
    }

    @Override
    public void announce(Set<Integer> lanes) {
        lock.lock();
        try {
            if (waiting.addAll(lanes)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void listen(Consumer<Set<Integer>> onHint) {
        listener = onHint;
        sender.start();
        receiver.start();
    }

    private void send() {
        while (!closed.get()) {
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
                while (!closed.get()) {
                    Set<Integer> lanes = takeWaiting();
                    notify.setString(1, channel);
                    notify.setString(2, self + encode(lanes));
                    notify.execute();
                    pause(GAP_MS);
                }
            } catch (SQLException e) {
                LOG.debug("hints: cannot send, trying again: {}", e.getMessage());
                pause(RECONNECT_MS);
            }
        }
    }

    private Set<Integer> takeWaiting() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed.get()) {
                changed.awaitUninterruptibly();
            }
            Set<Integer> taken = new HashSet<>(waiting);
            waiting.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static String encode(Set<Integer> lanes) {
        StringBuilder text = new StringBuilder();
        if (lanes.size() <= MAX_LANES) {
            lanes.forEach(lane -> text.append(' ').append(lane));
        }
        return text.toString();
    }

    private void receive() {
        while (!closed.get()) {
            try (Connection connection = DriverManager.getConnection(url)) {
                try (java.sql.Statement listen = connection.createStatement()) {
                    listen.execute("listen " + channel);
                }
                PGConnection notifications = connection.unwrap(PGConnection.class);
                while (!closed.get()) {
                    PGNotification[] batch = notifications.getNotifications(RECEIVE_MS);
                    if (batch != null && batch.length > 0) {
                        deliver(batch);
                    }
                }
            } catch (SQLException e) {
                LOG.debug("hints: cannot listen, trying again: {}", e.getMessage());
                pause(RECONNECT_MS);
            }
        }
    }

    private void deliver(PGNotification[] batch) {
        Set<Integer> lanes = new HashSet<>();
        for (PGNotification notification : batch) {
            String[] words = notification.getParameter().split(" ", -1);
            for (int i = 1; i < words.length && !words[0].equals(self); i++) {
                lanes.add(Integer.parseInt(words[i]));
            }
        }
        if (!lanes.isEmpty()) {
            listener.accept(lanes);
        }
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
