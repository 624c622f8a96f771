package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.Durations;
import dev.pulse.model.Misfire;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.schedules.TimingDraft;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One schedule with what became of its occurrences. */
@Command(name = "get", description = "Show a schedule and what became of its occurrences.")
final class SchedulesGetCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    SchedulesGetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            ScheduleInfo schedule = word.find(client);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.schedule(schedule));
            } else {
                print(schedule);
            }
            return Exit.OK;
        }
    }

    private void print(ScheduleInfo schedule) {
        line("id", schedule.id());
        line("name", schedule.spec().name());
        line("version", schedule.version());
        line("status", schedule.status().wireName());
        line("fault", schedule.fault());
        Pause pause = schedule.pause();
        if (pause != null) {
            line(
                    "paused",
                    "since " + pause.since() + " by " + pause.by()
                            + (pause.reason() == null ? "" : " (" + pause.reason() + ")"));
        }
        Timing timing = schedule.spec().timing();
        line(TimingDraft.name(timing.rule()), rule(timing.rule()));
        line("time zone", timing.zone());
        line("start", timing.start());
        line("end", timing.end());
        line("jitter", timing.jitter().isZero() ? null : Durations.format(timing.jitter()));
        line(
                "excluded",
                timing.excluded().isEmpty()
                        ? null
                        : timing.excluded().stream().map(Object::toString).collect(Collectors.joining(" ")));
        line("rule", ScheduleJson.words(schedule));
        line("next", schedule.nextAt());
        line("waiting", schedule.waiting() ? "for the end of the job before" : null);
        line("misfire", misfire(schedule.spec().misfire()));
        line("overlap", schedule.spec().overlap().wireName());
        job(schedule.spec().job());
        line("fired", schedule.counts().fired());
        line("coalesced", schedule.counts().coalesced());
        line("skipped", schedule.counts().skipped());
        line("overlapped", schedule.counts().overlapped());
        ScheduleInfo.Declared declared = schedule.declared();
        if (declared != null) {
            line("declared", "by " + declared.by());
            line("missing", declared.missingSince() == null ? null : "in its code since " + declared.missingSince());
        }
        line("created", schedule.createdAt());
        line("updated", schedule.updatedAt());
    }

    private void job(Submission job) {
        line("type", job.type());
        line("queue", job.queue());
        line("priority", job.priority());
        line("attempts", job.policy().maxAttempts());
        line("backoff", job.policy().backoff().format());
        Duration timeout = job.policy().timeout();
        line("timeout", timeout == null ? null : Durations.format(timeout));
        line("origin", job.labels().origin());
        line("tags", labels(job.labels().tags()));
        line("headers", labels(job.labels().headers()));
        Payload payload = job.payload();
        line("payload", payload.isJson() ? payload.text() : payload.size() + " bytes of " + payload.contentType());
    }

    private static String rule(ScheduleRule rule) {
        return switch (rule) {
            case ScheduleRule.At(Instant instant) -> instant.toString();
            case ScheduleRule.After(Duration delay) -> Durations.format(delay);
            case ScheduleRule.Every(Duration period, ScheduleRule.Pace pace) ->
                Durations.format(period) + (pace == ScheduleRule.Pace.FIXED_DELAY ? ", fixed delay" : "");
            case ScheduleRule.Cron(String expression) -> expression;
        };
    }

    private static String misfire(Misfire misfire) {
        if (misfire.policy() != Misfire.Policy.FIRE_ALL) {
            return misfire.policy().wireName();
        }
        Double rate = misfire.rate();
        return misfire.policy().wireName() + ", at most " + misfire.limit()
                + (rate == null
                        ? ""
                        : ", " + BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString() + " a second");
    }

    private static @Nullable String labels(Map<String, String> labels) {
        return labels.isEmpty()
                ? null
                : labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(" "));
    }

    private void line(String name, @Nullable Object value) {
        if (value != null) {
            shell.out().printf("%-10s %s%n", name, Table.oneLine(value.toString()));
        }
    }
}
