package dev.pulse.examples;

import dev.pulse.sdk.JobType;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/**
 * The job: one image file in, one thumbnail out. It may run more than once (P3), so it writes beside the target and moves
 * the file there in one step: whoever looks finds no thumbnail or a whole one.
 *
 * @param source the image
 * @param target where the thumbnail goes, a PNG
 */
record Thumbnail(String source, String target) {
    static final JobType<Thumbnail> TYPE = JobType.of("thumbnail", Thumbnail.class);
    static final int MAX_SIDE = 96;

    void make() throws IOException {
        BufferedImage image = ImageIO.read(Path.of(source).toFile());
        if (image == null) {
            throw new IOException(source + " is no image that Java can read");
        }
        Path to = Path.of(target);
        Path unfinished = Files.createTempFile(to.getParent(), to.getFileName().toString(), ".part");
        ImageIO.write(scaled(image), "png", unfinished.toFile());
        Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static BufferedImage scaled(BufferedImage image) {
        double factor = (double) MAX_SIDE / Math.max(image.getWidth(), image.getHeight());
        int width = Math.max(1, (int) Math.round(image.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(image.getHeight() * factor));
        BufferedImage thumbnail = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = thumbnail.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return thumbnail;
    }
}
