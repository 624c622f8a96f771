package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThumbnailTest {
    @TempDir
    private Path folder;

    static Stream<Path> images() throws IOException {
        return Files.list(Path.of("images")).sorted();
    }

    @ParameterizedTest
    @MethodSource("images")
    void everyBundledImageBecomesAThumbnailOfItsShape(Path image) throws IOException {
        Path target = folder.resolve("small.png");
        new Thumbnail(image.toString(), target.toString()).make();
        BufferedImage original = ImageIO.read(image.toFile());
        BufferedImage thumbnail = ImageIO.read(target.toFile());
        assertThat(Math.max(thumbnail.getWidth(), thumbnail.getHeight())).isEqualTo(Thumbnail.MAX_SIDE);
        assertThat(thumbnail.getWidth() > thumbnail.getHeight()).isEqualTo(original.getWidth() > original.getHeight());
    }

    @Test
    void runningTwiceLeavesOneThumbnailAndNoPieces() throws IOException {
        Thumbnail thumbnail =
                new Thumbnail("images/alps.jpg", folder.resolve("alps.png").toString());
        thumbnail.make();
        thumbnail.make();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("alps.png"));
        }
    }

    @Test
    void fileThatIsNoImageFailsByName() throws IOException {
        Path text = Files.writeString(folder.resolve("note.png"), "not an image");
        assertThatThrownBy(() ->
                        new Thumbnail(text.toString(), folder.resolve("x.png").toString()).make())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("note.png");
    }
}
