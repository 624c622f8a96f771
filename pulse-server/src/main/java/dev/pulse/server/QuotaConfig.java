package dev.pulse.server;

/**
 * What one caller may ask of one server (I8). The defaults are beyond what an honest caller does; they keep a broken one from
 * taking everything.
 *
 * @param requestsPerSecond over both doors; as many may come at once
 * @param openCalls unary gRPC calls that are not answered yet, long polls among them
 * @param openStreams workers' streams and streams of events
 */
public record QuotaConfig(int requestsPerSecond, int openCalls, int openStreams) {
    public static final QuotaConfig DEFAULT = new QuotaConfig(50_000, 10_000, 10_000);

    public QuotaConfig {
        requirePositive(Setting.CALLER_REQUESTS_PER_SECOND, requestsPerSecond);
        requirePositive(Setting.CALLER_OPEN_CALLS, openCalls);
        requirePositive(Setting.CALLER_OPEN_STREAMS, openStreams);
    }

    private static void requirePositive(Setting setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting.key() + ": 1 or more is allowed, got " + value);
        }
    }
}
