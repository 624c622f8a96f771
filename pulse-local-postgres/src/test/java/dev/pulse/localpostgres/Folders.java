package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folders for tests, and the cache of binaries that all of them share. */
final class Folders {
    /** The user's own cache, as production uses it: unpacked once per machine. */
    static final Path CACHE = LocalPostgresConfig.in(Path.of("unused")).binariesCache();

    private static @Nullable Path seed;

    private Folders() {}

    /** Makes a data folder there as a start would, but as a copy: initdb is the slowest part of a start. */
    static LocalPostgresConfig made(Path data) throws IOException {
        Files.createDirectories(data.getParent());
        Commands.Result copied =
                Commands.run(Duration.ofMinutes(1), List.of("cp", "-a", seed().toString(), data.toString()));
        if (!copied.ok()) {
            throw new IOException(copied.output());
        }
        return LocalPostgresConfig.in(data);
    }

    private static synchronized Path seed() throws IOException {
        if (seed == null) {
            Path folder = Files.createTempDirectory("pulse-seed-");
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> BinariesCache.remove(folder)));
            LocalPostgres.start(LocalPostgresConfig.in(folder)).close();
            seed = folder;
        }
        return seed;
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of(System.getProperty("java.home")), "unix:uid"))
                    && Files.isWritable(Path.of("/"));
        } catch (IOException e) {
            return false;
        }
    }

    /** A folder that every user may pass through and look at; the test removes it. */
    static Path open(String name) throws IOException {
        Path folder = Files.createTempDirectory("pulse-" + name + "-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }
}
