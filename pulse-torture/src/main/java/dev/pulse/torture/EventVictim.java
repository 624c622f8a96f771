package dev.pulse.torture;

import dev.pulse.model.EventFilter;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.SubscriptionOptions;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A consumer process made to be killed: writes down each event that it handles, with one write a line, and takes a moment for
 * it. Arguments: address, subscription, journal, lease. A line says event, subject, kind, and which process.
 */
final class EventVictim {
    /** What handling one event takes. */
    private static final long WORK_NANOS = 1_000_000;

    private EventVictim() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        long process = ProcessHandle.current().pid();
        SubscriptionOptions options =
                SubscriptionOptions.DEFAULT.fromEarliest().chunk(200).leaseTtl(Duration.parse(arguments[3]));
        try (OutputStream journal = new FileOutputStream(arguments[2], true);
                Pulse pulse = Pulse.connect(arguments[0])) {
            pulse.subscribe(arguments[1], EventFilter.ALL, options, event -> {
                String line =
                        event.id() + " " + event.subject() + " " + event.kind().wireName() + " " + process + "\n";
                journal.write(line.getBytes(StandardCharsets.US_ASCII));
                LockSupport.parkNanos(WORK_NANOS);
            });
            System.out.println("victim ready");
            new CountDownLatch(1).await();
        }
    }
}
