package dev.pulse.localpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a folder holds: for each file its permissions and SHA-256, for each link its target.
 *
 * @param entries by path relative to the folder
 */
record Manifest(Map<String, String> entries) {

    /** Reads the whole folder; 60 MB in 1,300 files, on all cores. */
    static Manifest of(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return new Manifest(
                    tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList().parallelStream()
                            .collect(Collectors.toConcurrentMap(
                                    path -> folder.relativize(path).toString(), Manifest::describe)));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e.getCause());
        }
    }

    static Manifest read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return new Manifest(lines.map(line -> line.split("\t", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0], (one, other) -> other)));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e.getCause());
        }
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(entries)
                .forEach((path, state) ->
                        text.append(state).append('\t').append(path).append('\n'));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** The first way in which the folder is not what this list says, in words; empty when it is. */
    Optional<String> difference(Path folder) throws IOException {
        Map<String, String> present = of(folder).entries();
        if (entries.isEmpty()) {
            return Optional.of("the list of checksums of " + folder + " is empty");
        }
        return Stream.concat(entries.keySet().stream(), present.keySet().stream())
                .filter(path -> !String.valueOf(entries.get(path)).equals(present.get(path)))
                .sorted()
                .findFirst()
                .map(path -> folder.resolve(path) + (present.containsKey(path) ? " was altered" : " is missing"));
    }

    private static String describe(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "link:" + Files.readSymbolicLink(path);
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + ":"
                    + HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
