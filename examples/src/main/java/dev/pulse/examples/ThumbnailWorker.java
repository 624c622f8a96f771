package dev.pulse.examples;

import dev.pulse.sdk.Pulse;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A worker process: makes thumbnails until it is told to stop. Arguments: address, name, lease, and how long each job
 * takes longer than it has to, so that a demonstration has time to kill it in the middle.
 */
final class ThumbnailWorker {
    private static final int SLOTS = 4;

    private ThumbnailWorker() {}

    public static void main(String[] args) {
        Duration pause = Duration.parse(args[3]);
        Pulse pulse = Pulse.connect(
                args[0],
                options ->
                        options.name(args[1]).leaseTtl(Duration.parse(args[2])).concurrency(SLOTS));
        pulse.handle(Thumbnail.TYPE, (job, thumbnail) -> {
            String file = Path.of(thumbnail.source()).getFileName() + " attempt " + job.attempt();
            System.out.println("start " + file);
            Thread.sleep(pause);
            thumbnail.make();
            System.out.println("done " + file);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(pulse::close));
        pulse.run();
    }
}
