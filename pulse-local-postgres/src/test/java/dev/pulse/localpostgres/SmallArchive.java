package dev.pulse.localpostgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** An archive in the form of the published ones, with hardly anything in it. */
final class SmallArchive {
    private SmallArchive() {}

    static Path write(Path target, String... more) throws IOException {
        try (OutputStream file = Files.newOutputStream(target);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new XZOutputStream(file, new LZMA2Options(0)))) {
            add(tar, "bin/postgres", 0755, "program");
            add(tar, "bin/initdb", 0755, "program");
            add(tar, "lib/libpq.so.5", 0644, "library");
            add(tar, "share/words", 0644, "words");
            TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so", TarConstants.LF_SYMLINK);
            link.setLinkName("libpq.so.5");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            for (String name : more) {
                add(tar, name, 0644, "more");
            }
        }
        return target;
    }

    private static void add(TarArchiveOutputStream tar, String name, int mode, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setMode(mode | 0100000);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
