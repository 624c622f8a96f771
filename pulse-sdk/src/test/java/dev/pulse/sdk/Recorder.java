package dev.pulse.sdk;

import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Remembers what the worker told, as short texts. */
final class Recorder implements WorkerListener {
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    String next() {
        return FakeBroker.next(news);
    }

    boolean isSilent() {
        return news.isEmpty();
    }

    @Override
    public void connected(UUID session) {
        news.add("connected");
    }

    @Override
    public void disconnected(UUID session, PulseException cause) {
        news.add("disconnected");
    }

    @Override
    public void sessionEnded(UUID session, String reason) {
        news.add("session ended: " + reason);
    }

    @Override
    public void started(JobContext job) {
        news.add("started");
    }

    @Override
    public void ended(JobContext job, Outcome outcome, ReportAnswer answer) {
        news.add(outcome.kind().wireName() + " " + answer.wireName());
    }

    @Override
    public void dropped(JobContext job, @Nullable Outcome outcome, String why) {
        news.add("dropped " + (outcome == null ? "running" : outcome.kind().wireName()) + ": " + why);
    }
}
