package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process at a time owns a data folder. The operating system drops the lock when its holder dies, however it dies;
 * so whoever holds it knows that a server still running here has no owner any more. Any thread.
 */
final class FolderLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

    /**
     * Folders held by this JVM. Asked first, because closing a second channel on a locked file drops the first one's
     * lock on POSIX systems: the file must not even be opened twice.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the folder, or says who has it. */
    static FolderLock take(Path folder) {
        Path file = folder.resolve("lock");
        synchronized (HELD) {
            long self = ProcessHandle.current().pid();
            if (HELD.contains(file)) {
                throw taken(folder, Long.toString(self) + ", this very process");
            }
            FileChannel channel = null;
            boolean held = false;
            try {
                channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    throw taken(folder, read(channel));
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.UTF_8)), 0);
                held = HELD.add(file);
                return new FolderLock(file, channel);
            } catch (IOException e) {
                throw new LocalPostgresException("Cannot lock " + file + ": " + Failures.reason(e), e);
            } finally {
                if (!held) {
                    closeQuietly(channel);
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            HELD.remove(file);
            try {
                channel.close();
            } catch (IOException e) {
                throw new LocalPostgresException("Cannot release " + file + ": " + Failures.reason(e), e);
            }
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a lock file that was not taken", e);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        int length = channel.read(text, 0);
        return length <= 0 ? "unknown" : new String(text.array(), 0, length, StandardCharsets.UTF_8).strip();
    }

    private static LocalPostgresException taken(Path folder, String holder) {
        return new LocalPostgresException("The data folder " + folder + " is in use by another Pulse (pid " + holder
                + "). Stop that one, or give this one a folder of its own (PULSE_DATA_DIR).");
    }
}
