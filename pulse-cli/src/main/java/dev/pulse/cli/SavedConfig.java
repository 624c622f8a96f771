package dev.pulse.cli;

import dev.pulse.client.ServerAddress;
import dev.pulse.json.Nearest;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code pulse save creds} keeps for the next commands of the same person, in {@code pulse/config.properties} of the
 * user's configuration folder. Readable by its owner only; its secret is sent to the server that it was saved for, and to no
 * other.
 *
 * @param addr where the server is; null for the default
 * @param tls whether to speak TLS with it
 * @param user who signs in; null with an API key
 */
record SavedConfig(
        @Nullable String addr,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        @Nullable String apiKey) {
    static final SavedConfig EMPTY = new SavedConfig(null, false, null, null, null);

    private static final Set<String> KEYS = Set.of("addr", "tls", "user", "password", "api-key");
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    static Path file(Shell shell) {
        return folder(shell).resolve("config.properties");
    }

    /** In {@code XDG_CONFIG_HOME}, else in {@code ~/.config}. */
    private static Path folder(Shell shell) {
        String xdg = shell.variable("XDG_CONFIG_HOME", "");
        Path base = Path.of(xdg).isAbsolute()
                ? Path.of(xdg)
                : Path.of(shell.variable("HOME", System.getProperty("user.home")), ".config");
        return base.resolve("pulse");
    }

    /**
     * What is saved; nothing where there is no file. Others who could read or change it are warned about.
     *
     * @throws PulseException CONFIGURATION for a file that cannot be understood
     */
    static SavedConfig read(Shell shell) {
        Path file = file(shell);
        Properties found = new Properties();
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            found.load(text);
        } catch (NoSuchFileException e) {
            return EMPTY;
        } catch (IOException | IllegalArgumentException e) {
            throw refused(file, "cannot be read: " + e.getMessage());
        }
        for (String key :
                new TreeMap<>(found).keySet().stream().map(String::valueOf).toList()) {
            if (!KEYS.contains(key)) {
                throw refused(file, "has an unknown key " + key + ", " + Nearest.hint(key, KEYS));
            }
        }
        warn(file, shell);
        return new SavedConfig(
                found.getProperty("addr"),
                Boolean.parseBoolean(found.getProperty("tls")),
                found.getProperty("user"),
                found.getProperty("password"),
                found.getProperty("api-key"));
    }

    private static void warn(Path file, Shell shell) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                shell.err()
                        .println("pulse: " + Table.oneLine(file.toString()) + " is open to others ("
                                + PosixFilePermissions.toString(permissions) + ") and may hold a secret: chmod 600 it");
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The file has gone meanwhile, or the system knows no such permissions: nothing to warn about.
        }
    }

    /** Replaces what was saved before, in one step. */
    void write(Shell shell) {
        Path file = file(shell);
        try {
            Path folder = folder(shell);
            makeFolder(folder);
            Path next = Files.createTempFile(folder, "config", ".new", mode(file, "rw-------"));
            try {
                Files.writeString(next, text());
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw refused(file, "cannot be written: " + e);
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            // The folders above it are made with it, where there are none; they, too, for the owner alone.
            Files.createDirectories(folder, mode(folder, "rwx------"));
        }
    }

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private String text() throws IOException {
        Properties all = new Properties();
        put(all, "addr", addr);
        put(all, "tls", tls ? "true" : null);
        put(all, "user", user);
        put(all, "password", password);
        put(all, "api-key", apiKey);
        StringWriter text = new StringWriter();
        all.store(text, null);
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .collect(Collectors.joining("\n", "# Written by pulse save creds.\n", "\n"));
    }

    private static void put(Properties all, String key, @Nullable String value) {
        if (value != null) {
            all.setProperty(key, value);
        }
    }

    /** The saved address, as clients write it; null for the default. */
    @Nullable
    String address() {
        return addr == null || !tls || addr.contains("://") ? addr : "grpcs://" + addr;
    }

    /** Says what is missing in the environment for this server, in the environment's own words. */
    void fill(Map<String, String> given, String server) {
        boolean named = isSet(given, "PULSE_API_KEY") || isSet(given, "PULSE_PASSWORD");
        if (named || !isFor(server)) {
            return;
        }
        if (!isSet(given, "PULSE_USER") && apiKey != null) {
            given.put("PULSE_API_KEY", apiKey);
        } else if (user != null
                && password != null
                && given.getOrDefault("PULSE_USER", user).equals(user)) {
            given.put("PULSE_USER", user);
            given.put("PULSE_PASSWORD", password);
        }
    }

    private static boolean isSet(Map<String, String> given, String name) {
        return !given.getOrDefault(name, "").isEmpty();
    }

    private boolean isFor(String server) {
        String own = address();
        return place(own == null ? Remote.DEFAULT : own).equals(place(server));
    }

    /** All names of this machine are one place. */
    private static String place(String address) {
        ServerAddress parsed = ServerAddress.parse(address);
        return (parsed.isLoopback() ? "localhost" : parsed.host()) + ":" + parsed.port();
    }

    private static PulseException refused(Path file, String why) {
        return new PulseException(ErrorCode.CONFIGURATION, "the saved configuration " + file + " " + why);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "SavedConfig[" + addr + ", " + user + "]";
    }
}
