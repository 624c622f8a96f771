package dev.pulse.localpostgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The unpacked programs: one folder per archive, made under a lock, moved into place whole, and compared with its list
 * of checksums at every start, so that a half-cleaned or altered folder is unpacked again instead of run. Nobody but
 * its owner can write to it; a folder where somebody else could is not trusted, whatever its checksums say. Any thread,
 * any number of processes.
 */
final class BinariesCache {
    private static final Logger LOG = LoggerFactory.getLogger(BinariesCache.class);
    private static final Duration LONGEST_UNPACKING = Duration.ofMinutes(5);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    /** Root's copy may be read by the system user that root's server runs as; it is still root's alone to write. */
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final Object ONE_AT_A_TIME = new Object();

    private final Path cache;
    private final long user;
    private final Waits waits;

    /**
     * @param user the id of the user that this process runs as: the only owner whose files are trusted
     */
    BinariesCache(Path cache, long user, Waits waits) {
        this.cache = cache;
        this.user = user;
        this.waits = waits;
    }

    /** The folder with {@code bin}, {@code lib} and {@code share} of this archive, checked, unpacked when needed. */
    Path unpacked(BinariesArchive archive) {
        try {
            securedCache();
            Path folder = cache.toRealPath().resolve(archive.id());
            Path manifest = folder.resolveSibling(archive.id() + ".sha256");
            // Threads first, then processes: file locks belong to the whole JVM.
            synchronized (ONE_AT_A_TIME) {
                try (FileChannel lock = locked(folder.resolveSibling(archive.id() + ".lock"))) {
                    if (!trusted(folder, manifest)) {
                        unpack(archive, folder, manifest);
                    }
                    LOG.debug("PostgreSQL is in {} ({})", folder, lock.isOpen() ? "checked" : "not locked");
                    return folder;
                }
            }
        } catch (IOException e) {
            throw new LocalPostgresException(
                    "Cannot unpack PostgreSQL into " + cache + ": " + Failures.reason(e)
                            + ". The folder needs about 80 MB and must be writable.",
                    e);
        }
    }

    /** Whoever may write to the cache could swap a checked folder for another one. */
    private void securedCache() throws IOException {
        if (!Files.isDirectory(cache)) {
            Files.createDirectories(cache);
            Files.setPosixFilePermissions(cache, ownPermissions());
        }
        int mode = (Integer) Files.getAttribute(cache, "unix:mode");
        int owner = (Integer) Files.getAttribute(cache, "unix:uid");
        boolean closed = (mode & OTHERS_WRITE) == 0 || (mode & STICKY) != 0;
        if (!closed && owner == user) {
            Files.setPosixFilePermissions(cache, ownPermissions());
        } else if (!closed || (owner != user && owner != 0)) {
            throw new IOException("another user can write to " + cache);
        }
    }

    private Set<PosixFilePermission> ownPermissions() {
        return user == 0 ? READABLE : PRIVATE;
    }

    private boolean trusted(Path folder, Path manifest) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        String fault = fault(folder, manifest);
        if (fault != null) {
            LOG.warn("unpacking PostgreSQL again: {}", fault);
        }
        return fault == null;
    }

    private @Nullable String fault(Path folder, Path manifest) throws IOException {
        if (!ownedAlone(folder) || !Files.exists(manifest, LinkOption.NOFOLLOW_LINKS) || !ownedAlone(manifest)) {
            return folder + " or its list of checksums is missing or open to other users";
        }
        return Manifest.read(manifest).difference(folder).orElse(null);
    }

    private boolean ownedAlone(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        int owner = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return owner == user && (mode & OTHERS_WRITE) == 0 && !Files.isSymbolicLink(path);
    }

    /** Unpacked aside and moved into place whole: a killed unpacking leaves rubbish, never half a server. */
    private void unpack(BinariesArchive archive, Path folder, Path manifest) throws IOException {
        removeLeftovers(folder.getFileName() + ".part");
        Path part = Files.createTempDirectory(
                cache, folder.getFileName() + ".part", PosixFilePermissions.asFileAttribute(PRIVATE));
        extract(archive, part);
        Files.setPosixFilePermissions(part, ownPermissions());
        Path list = part.resolveSibling(part.getFileName() + ".sha256");
        Manifest.of(part).write(list);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // A server may be running from it. Its open files live on; the path must be free at once.
            Files.move(folder, part.resolveSibling(part.getFileName() + ".old"));
        }
        Files.move(list, manifest, StandardCopyOption.ATOMIC_MOVE);
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        removeLeftovers(folder.getFileName() + ".part");
    }

    private static void extract(BinariesArchive archive, Path target) throws IOException {
        try (InputStream in = archive.open();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = inside(target, target.resolve(entry.getName()));
                makeFolder(target, entry.isDirectory() ? path : Objects.requireNonNull(path.getParent()));
                if (entry.isDirectory()) {
                    continue;
                }
                if (entry.isSymbolicLink()) {
                    inside(target, path.resolveSibling(entry.getLinkName()));
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(path, inside(target, target.resolve(entry.getLinkName())));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** With permissions of its own: those of the user's umask may let others write. */
    private static void makeFolder(Path root, Path folder) throws IOException {
        Path at = root;
        for (Path name : root.relativize(folder)) {
            at = at.resolve(name);
            if (!Files.isDirectory(at)) {
                Files.createDirectory(at);
                Files.setPosixFilePermissions(at, READABLE);
            }
        }
    }

    private static Path inside(Path folder, Path path) throws IOException {
        Path plain = path.normalize();
        if (!plain.startsWith(folder)) {
            throw new IOException("the archive names a file outside of itself: " + path);
        }
        return plain;
    }

    private void removeLeftovers(String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .forEach(BinariesCache::remove);
        }
    }

    static void removeIfThere(Path root) {
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            remove(root);
        }
    }

    /** Removes a whole tree; links are removed, not followed. */
    static void remove(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", root, Failures.reason(e));
        } catch (UncheckedIOException e) {
            LOG.warn("cannot remove {}: {}", root, String.valueOf(e.getMessage()));
        }
    }

    /** Waits for another process that unpacks at this moment. */
    private FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = waits.until(LONGEST_UNPACKING, () -> tryLock(channel));
            if (!held) {
                throw new IOException("another process has been unpacking there for " + LONGEST_UNPACKING.toMinutes()
                        + " minutes (lock " + file + ")");
            }
            return channel;
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
