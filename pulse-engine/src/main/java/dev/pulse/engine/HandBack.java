package dev.pulse.engine;

import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hands back, uncharged, what a session was granted and never got. Through the same door as every report. Any thread. */
final class HandBack {
    private final ReportQueue queue;
    private final ReportConfig config;
    private final Counters counters;

    HandBack(ReportQueue queue, ReportConfig config, Counters counters) {
        this.queue = queue;
        this.config = config;
        this.counters = counters;
    }

    /** Not waited for: see {@link #answered}. */
    void of(SessionState session, List<Report> releases) {
        if (!releases.isEmpty()) {
            CompletableFuture<Void> unused = answered(session, releases);
        }
    }

    /** Completes when all are answered. Where one fails, the store is asked later what the session still holds. */
    CompletableFuture<Void> answered(SessionState session, List<Report> releases) {
        CompletableFuture<?>[] parts =
                new CompletableFuture<?>[(releases.size() + config.callMax() - 1) / config.callMax()];
        for (int i = 0; i < parts.length; i++) {
            int from = i * config.callMax();
            List<Report> part = releases.subList(from, Math.min(releases.size(), from + config.callMax()));
            parts[i] = one(session, part);
        }
        return CompletableFuture.allOf(parts);
    }

    private CompletableFuture<List<Ended>> one(SessionState session, List<Report> part) {
        counters.handedBack.add(part.size());
        session.reporting(part, grantedAt -> {});
        return queue.offer(part).whenComplete((ended, trouble) -> session.reported(part, trouble != null));
    }
}
