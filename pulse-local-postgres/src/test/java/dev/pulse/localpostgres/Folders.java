package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders for tests, and the cache of binaries that all of them share. */
final class Folders {
    /** The user's own cache, as production uses it: unpacked once per machine. */
    static final Path CACHE = LocalPostgresConfig.in(Path.of("unused")).binariesCache();

    private Folders() {}

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
