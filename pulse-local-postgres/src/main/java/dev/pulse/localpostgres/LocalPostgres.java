package dev.pulse.localpostgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A PostgreSQL server of our own beside this process: durable settings, 127.0.0.1 only, data kept between starts.
 * Stands under stop 3 of a job's path in {@code pulse dev} and in every test. Any thread may use it; the server itself
 * is started and watched by a thread of its own ({@link Supervisor}). Keeps I1: fsync and synchronous_commit cannot be
 * turned off here, so a commit that was answered survives.
 *
 * <p>When this JVM dies in whatever way, the server shuts down cleanly by itself where the machine has util-linux;
 * elsewhere it lives on until the next start on its folder stops it. When the server dies, it is started again on the
 * same port.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final String DATABASE = "pulse";

    private final FolderLock lock;
    private final Supervisor supervisor;
    private final int port;
    private final String password;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalPostgres(FolderLock lock, Supervisor supervisor, int port, String password) {
        this.lock = lock;
        this.supervisor = supervisor;
        this.port = port;
        this.password = password;
    }

    /**
     * Unpacks the programs and makes the data folder when needed, starts the server, and returns when it accepts
     * connections and has the database {@code pulse}.
     *
     * @throws LocalPostgresException with what is wrong, where, and what to do
     */
    public static LocalPostgres start(LocalPostgresConfig config) {
        Waits waits = new Waits(System::nanoTime);
        DataFolder folder = DataFolder.open(config.dataDirectory(), waits);
        FolderLock lock = FolderLock.take(folder.home());
        try {
            return start(config, folder, lock, waits);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static LocalPostgres start(LocalPostgresConfig config, DataFolder folder, FolderLock lock, Waits waits) {
        BinariesArchive archive = BinariesArchive.find(config.binaries());
        Path binaries = new BinariesCache(config.binariesCache(), folder.user(), waits).unpacked(archive);
        folder.bringToRest(config.stopTimeout());
        RunAs runAs = RunAs.choose(folder.user(), binaries.resolve("bin/postgres"), folder.home());
        folder.prepare(runAs, binaries, new SecureRandom());
        Supervisor supervisor = new Supervisor(config, folder, runAs, binaries, waits);
        try {
            int port = supervisor.start().join();
            LocalPostgres server = new LocalPostgres(lock, supervisor, port, folder.password());
            server.ensureDatabase();
            return server;
        } catch (CompletionException e) {
            // The watching thread's own message, with a trace that leads to the caller.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new LocalPostgresException(String.valueOf(cause.getMessage()), cause);
        } catch (RuntimeException | Error e) {
            supervisor.stop();
            throw e;
        }
    }

    /** How to reach the database {@code pulse}, user and password included. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8)
                + "?user=" + DataFolder.SUPERUSER + "&password=" + password;
    }

    String password() {
        return password;
    }

    public int port() {
        return port;
    }

    /** Process id of the postmaster that runs now. */
    public long postmasterPid() {
        return supervisor.pid();
    }

    public void createDatabase(String name) {
        execute("create database " + quoted(name), "create the database " + name);
    }

    /** Makes a copy of another database, to which nobody may be connected meanwhile. */
    public void createDatabase(String name, String template) {
        execute(
                "create database " + quoted(name) + " template " + quoted(template),
                "create the database " + name + " from " + template);
    }

    /** Removes a database and ends its connections. */
    public void dropDatabase(String name) {
        execute("drop database if exists " + quoted(name) + " with (force)", "drop the database " + name);
    }

    /** Stops the server, cleanly within the configured limit, else hard; and lets go of the folder. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                supervisor.stop();
            } finally {
                lock.close();
            }
        }
    }

    private void ensureDatabase() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean present;
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                present = found.next();
            }
            if (!present) {
                statement.execute("create database " + quoted(DATABASE));
            }
        } catch (SQLException e) {
            throw failed("open the database " + DATABASE, e);
        }
    }

    private void execute(String sql, String purpose) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(purpose, e);
        }
    }

    /** Through the database that every server has. */
    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"));
    }

    private LocalPostgresException failed(String purpose, SQLException cause) {
        return new LocalPostgresException(
                "Cannot " + purpose + " on the local PostgreSQL, port " + port + ": " + cause.getMessage(), cause);
    }

    private static String quoted(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("name: '" + name + "' is not the name of a database");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
