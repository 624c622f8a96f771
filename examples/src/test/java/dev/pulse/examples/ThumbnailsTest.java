package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.server.PulseServer;
import dev.pulse.server.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as a user runs it: real worker processes against a real server. */
class ThumbnailsTest {
    private static final Path IMAGES = Path.of("images");

    @TempDir
    private Path folder;

    @Test
    void everyFileIsDoneAlthoughTheWorkerIsKilledInTheMiddle() throws Exception {
        Map<String, String> flags =
                Map.of("database-url", SharedPostgres.freshDatabase(), "http-addr", "0", "grpc-addr", "0");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PulseServer server = PulseServer.start(ServerConfig.read(flags, Map.of(), Path.of("no-file")));
                PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            Thumbnails example = new Thumbnails(server.grpcAddress().toString(), out);
            assertThat(example.run(IMAGES, folder, true)).as(said::toString).isTrue();
        }
        try (Stream<Path> images = Files.list(IMAGES);
                Stream<Path> thumbnails =
                        Files.list(folder).filter(file -> file.toString().endsWith(".png"))) {
            assertThat(thumbnails.count()).isEqualTo(images.count());
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("worker-1 killed (SIGKILL) in the middle of: ")
                .containsPattern("ran again because attempt 1 on worker-1 ended by lapse")
                .contains("24 of 24 thumbnails done", ", 0 without a cause");
    }
}
