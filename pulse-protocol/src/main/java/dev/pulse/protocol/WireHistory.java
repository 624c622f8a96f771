package dev.pulse.protocol;

import dev.pulse.model.Throughput;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;

/** What has been, between wire and model. Pure. */
public final class WireHistory {
    private WireHistory() {}

    /** The window that was asked for, or an hour. */
    public static Duration window(Wire.GetThroughputRequest request) {
        return request.hasWindow() ? WireValues.duration("window", request.getWindow()) : Throughput.DEFAULT_WINDOW;
    }

    /** The bucket that was asked for, or a minute. */
    public static Duration bucket(Wire.GetThroughputRequest request) {
        return request.hasBucket() ? WireValues.duration("bucket", request.getBucket()) : Throughput.DEFAULT_BUCKET;
    }

    public static Wire.GetThroughputRequest request(Duration window, Duration bucket) {
        return Wire.GetThroughputRequest.newBuilder()
                .setWindow(WireValues.duration(window))
                .setBucket(WireValues.duration(bucket))
                .build();
    }

    public static Wire.Throughput throughput(Throughput throughput) {
        Wire.Throughput.Builder message =
                Wire.Throughput.newBuilder().setBucket(WireValues.duration(throughput.bucket()));
        throughput
                .buckets()
                .forEach(bucket -> message.addItems(Wire.ThroughputBucket.newBuilder()
                        .setStart(WireValues.timestamp(bucket.start()))
                        .setCompleted(bucket.completed())
                        .setDeadLettered(bucket.deadLettered())
                        .setRetried(bucket.retried())));
        return message.build();
    }

    public static Throughput throughput(Wire.Throughput message) {
        return new Throughput(
                WireValues.duration("bucket", message.getBucket()),
                message.getItemsList().stream()
                        .map(item -> new Throughput.Bucket(
                                WireValues.instant("start", item.getStart()),
                                item.getCompleted(),
                                item.getDeadLettered(),
                                item.getRetried()))
                        .toList());
    }
}
