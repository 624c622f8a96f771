package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of programs: complete, unaltered, its owner's alone; or unpacked again. */
class BinariesCacheTest {
    private final Path temporary;
    private final BinariesArchive archive;
    private final BinariesCache cache;
    private final Path folder;

    BinariesCacheTest(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        // The form of the published archives, in small: unpacking a real one takes seconds.
        archive = BinariesArchive.find(SmallArchive.write(temporary.resolve("small.txz")));
        int user = (Integer) Files.getAttribute(temporary, "unix:uid");
        cache = new BinariesCache(temporary.resolve("cache"), user, new Waits(System::nanoTime));
        folder = cache.unpacked(archive);
    }

    @Test
    void whateverWasDoneToTheFolderItIsWholeAgain() throws IOException {
        Manifest original = Manifest.of(folder);
        Path program = folder.resolve("bin/postgres");
        List<Damage> damages = List.of(
                () -> Files.write(program, new byte[] {0}, StandardOpenOption.WRITE),
                () -> Files.delete(folder.resolve("bin/initdb")),
                () -> Files.writeString(folder.resolve("lib/extra.so"), "stranger"),
                () -> Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxrwx")),
                () -> Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx")),
                () -> Files.delete(manifest()),
                () -> Files.writeString(manifest(), ""));
        for (Damage damage : damages) {
            Object before = key(folder);
            damage.run();

            assertThat(cache.unpacked(archive)).isEqualTo(folder);

            assertThat(original.difference(folder)).isEmpty();
            assertThat(Files.getPosixFilePermissions(folder).stream().map(Enum::name))
                    .noneMatch(name -> name.equals("GROUP_WRITE") || name.equals("OTHERS_WRITE"));
            assertThat(key(folder)).as("a new folder").isNotEqualTo(before);
        }
        assertNothingElse();
    }

    @Test
    void anUnalteredFolderIsUsedAsItIs() throws IOException {
        Object before = key(folder);
        cache.unpacked(archive);
        assertThat(key(folder)).isEqualTo(before);
    }

    @Test
    void whatAKilledUnpackingLeftIsSweptAwayByTheNext() throws IOException {
        Files.createDirectories(temporary.resolve("cache/" + archive.id() + ".part123/bin"));
        Files.delete(manifest());
        cache.unpacked(archive);
        assertNothingElse();
    }

    @Test
    void twoProcessesThatUnpackAtOnceBothStart() throws IOException {
        Path shared = temporary.resolve("shared");
        Thread[] threads = new Thread[2];
        String[] greetings = new String[threads.length];
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] = Thread.startVirtualThread(() -> {
                try (ChildJvm pulse = ChildJvm.Plan.of(temporary.resolve("data" + number), shared)
                        .start()) {
                    greetings[number] = pulse.greeting();
                } catch (IOException e) {
                    greetings[number] = e.toString();
                }
            });
        }
        for (Thread thread : threads) {
            join(thread);
        }
        assertThat(greetings).allMatch(greeting -> greeting.startsWith("up "));
    }

    @Test
    void linksAndPermissionsAreKept() throws IOException {
        assertThat(Files.readSymbolicLink(folder.resolve("lib/libpq.so"))).isEqualTo(Path.of("libpq.so.5"));
        assertThat(folder.resolve("bin/postgres")).isExecutable().hasContent("program");
        assertThat(Files.isExecutable(folder.resolve("share/words"))).isFalse();
    }

    @Test
    void anArchiveThatReachesOutsideIsRefused() throws IOException {
        Path bad = SmallArchive.write(temporary.resolve("bad.txz"), "../outside");
        assertThatThrownBy(() -> cache.unpacked(BinariesArchive.find(bad)))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("outside of itself");
        assertThat(temporary.resolve("cache/outside")).doesNotExist();
    }

    @Test
    void theClassPathsArchiveIsFoundInItsJarToo() {
        BinariesArchive found = BinariesArchive.find(null);
        String jar = found.url().toString();
        Path file = Path.of(jar.substring("jar:file:".length(), jar.indexOf("!/")));
        assertThat(BinariesArchive.find(file).id()).isEqualTo(found.id());
    }

    @Test
    void anArchiveThatIsNoneIsNamed() throws IOException {
        Path missing = temporary.resolve("missing.jar");
        assertThatThrownBy(() -> BinariesArchive.find(missing))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining(missing.toString());

        Path noise = Files.writeString(temporary.resolve("noise.txz"), "not an archive");
        assertThatThrownBy(() -> cache.unpacked(BinariesArchive.find(noise)))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("Cannot unpack PostgreSQL");

        // A download that was cut short: whole at its start, and never moved into place.
        byte[] whole = Files.readAllBytes(temporary.resolve("small.txz"));
        Path half = Files.write(temporary.resolve("half.txz"), Arrays.copyOf(whole, whole.length / 2));
        BinariesArchive cut = BinariesArchive.find(half);
        assertThatThrownBy(() -> cache.unpacked(cut)).isInstanceOf(LocalPostgresException.class);
        assertThat(temporary.resolve("cache").resolve(cut.id())).doesNotExist();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        BinariesCache impossible = new BinariesCache(file.resolve("cache"), 0, new Waits(System::nanoTime));
        assertThatThrownBy(() -> impossible.unpacked(archive))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("Cannot unpack PostgreSQL into " + file.resolve("cache"));
    }

    @Test
    void aCacheThatOthersMayWriteToIsClosedOrRefused() throws IOException {
        Set<PosixFilePermission> open = PosixFilePermissions.fromString("rwxrwxrwx");
        Path own = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(own, open);
        int user = (Integer) Files.getAttribute(own, "unix:uid");
        new BinariesCache(own, user, new Waits(System::nanoTime)).unpacked(archive);
        assertThat(Files.getPosixFilePermissions(own))
                .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

        Files.setPosixFilePermissions(own, open);
        BinariesCache strangers = new BinariesCache(own, user + 1, new Waits(System::nanoTime));
        assertThatThrownBy(() -> strangers.unpacked(archive))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("another user can write to " + own);
    }

    private Path manifest() {
        return folder.resolveSibling(archive.id() + ".sha256");
    }

    private void assertNothingElse() throws IOException {
        try (Stream<Path> entries = Files.list(folder.getParent())) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrder(archive.id(), archive.id() + ".sha256", archive.id() + ".lock");
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private interface Damage {
        void run() throws IOException;
    }
}
