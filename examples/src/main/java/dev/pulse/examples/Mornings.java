package dev.pulse.examples;

import dev.pulse.model.Overlap;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.Schedule;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Consumer;

/** Posts a digest on the mornings of working days, and tidies up all the time. Its test shows how schedules are tested. */
public final class Mornings {
    public record Digest(String team) {}

    public static final JobType<Digest> POST_DIGEST = JobType.of("post-digest", Digest.class);
    public static final JobType<String> TIDY_UP = JobType.of("tidy-up", String.class);

    public Mornings(Pulse pulse, Consumer<String> post) {
        pulse.handle(
                POST_DIGEST,
                (job, digest) ->
                        post.accept(digest.team() + " at " + job.occurrence().orElseThrow()));
        pulse.handle(TIDY_UP, (job, folder) -> post.accept("tidied " + folder));

        pulse.schedule(
                POST_DIGEST,
                new Digest("billing"),
                Schedule.cron("0 7 * * MON-FRI", ZoneId.of("Europe/Vienna"))
                        .excluding(LocalDate.of(2027, 12, 24), LocalDate.of(2027, 12, 31))
                        .overlap(Overlap.SKIP)
                        .named("billing-digest"),
                options -> options.priority(5).timeout(Duration.ofMinutes(10)));
        pulse.schedule(
                TIDY_UP,
                "/var/spool/billing",
                Schedule.every(Duration.ofHours(6)).afterEnd());
    }
}
