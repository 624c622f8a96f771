package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen of the jobs: lists, counts, which are finished. */
public abstract class JobListContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void finishedNamesTheFinalAndTheMissing() {
        UUID done = fixture.job().completed().facts().id();
        UUID dead = fixture.job().deadLettered().facts().id();
        UUID canceled = fixture.job().canceled().facts().id();
        UUID nobody = fixture.newId();
        Set<UUID> asked = new HashSet<>(List.of(done, dead, canceled, nobody));
        asked.add(fixture.job().submitted());
        asked.add(fixture.job().scheduled());
        asked.add(fixture.job().running().facts().id());
        asked.add(fixture.job().retrying().facts().id());

        assertThat(jobs.finished(asked)).containsExactlyInAnyOrder(done, dead, canceled, nobody);
        assertThat(jobs.finished(Set.of())).isEmpty();
    }

    @Test
    void countsShowEveryStatusOfEveryType() {
        fixture.job().type("a").submitted();
        fixture.job().type("b").submitted();
        fixture.job().type("b").scheduled();
        fixture.job().type("c").running();
        fixture.job().type("d").retrying();
        fixture.job().type("e").completed();
        fixture.job().type("f").deadLettered();
        fixture.job().type("g").canceled();

        JobCounts counts = jobs.counts();

        assertThat(new LinkedHashMap<>(counts.byType()))
                .containsExactly(
                        Map.entry("a", Map.of(JobStatus.PENDING, 1L)),
                        Map.entry("b", Map.of(JobStatus.SCHEDULED, 1L, JobStatus.PENDING, 1L)),
                        Map.entry("c", Map.of(JobStatus.RUNNING, 1L)),
                        Map.entry("d", Map.of(JobStatus.RETRYING, 1L)),
                        Map.entry("e", Map.of(JobStatus.COMPLETED, 1L)),
                        Map.entry("f", Map.of(JobStatus.DEAD_LETTERED, 1L)),
                        Map.entry("g", Map.of(JobStatus.CANCELED, 1L)));
    }

    @Test
    void theOldestReadyJobsWaitIsCounted() {
        assertThat(jobs.counts().oldestPending()).isNull();
        fixture.job().type("t").submitted();
        advance(HOUR);
        fixture.job().type("u").submitted();

        assertThat(jobs.counts().oldestPending()).isBetween(HOUR, HOUR.plusMinutes(5));

        fixture.claimOne("t");
        assertThat(jobs.counts().oldestPending()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        fixture.claimOne("u");
        assertThat(jobs.counts().oldestPending()).isNull();
    }

    @Test
    void aListShowsTheNewestFirstPageByPage() {
        List<UUID> newestFirst = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            newestFirst.addFirst(oneOfEach(i));
            advance(Duration.ofMinutes(1));
        }

        List<UUID> seen = new ArrayList<>();
        String cursor = null;
        do {
            JobPage page = jobs.list(JobFilter.ALL, 3, cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(newestFirst);
    }

    private UUID oneOfEach(int i) {
        return switch (JobStatus.values()[i]) {
            case SCHEDULED -> fixture.job().scheduled();
            case PENDING -> fixture.job().submitted();
            case RUNNING -> fixture.job().running().facts().id();
            case RETRYING -> fixture.job().retrying().facts().id();
            case COMPLETED -> fixture.job().completed().facts().id();
            case DEAD_LETTERED -> fixture.job().deadLettered().facts().id();
            case CANCELED -> fixture.job().canceled().facts().id();
        };
    }

    @Test
    void aFullLastPageHasNoCursor() {
        for (int i = 0; i < 4; i++) {
            fixture.job().submitted();
        }

        assertThat(jobs.list(JobFilter.ALL, 4, null).nextCursor()).isNull();
        assertThat(jobs.list(JobFilter.ALL, 3, null).nextCursor()).isNotNull();
    }

    @Test
    void aListShowsTheWholeJobWithoutItsHistory() {
        UUID id = fixture.job().deadLettered().facts().id();
        Job found = fixture.find(id);

        assertThat(jobs.list(JobFilter.ALL, 10, null).items())
                .containsExactly(new Job(
                        found.facts(),
                        found.status(),
                        found.attempt(),
                        found.runAt(),
                        found.startedAt(),
                        found.finishedAt(),
                        found.error(),
                        found.result(),
                        List.of()));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void aListCanBeCutToAStatus(JobStatus wanted) {
        List<UUID> all = new ArrayList<>();
        for (JobStatus status : JobStatus.values()) {
            all.add(oneOfEach(status.ordinal()));
        }

        assertThat(jobs.list(JobFilter.ALL.withStatus(wanted), 10, null).items())
                .extracting(job -> job.facts().id())
                .containsExactly(all.get(wanted.ordinal()));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void aListOfOneStatusGoesPageByPageToo(JobStatus status) {
        List<UUID> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.addFirst(oneOfEach(status.ordinal()));
            advance(Duration.ofMinutes(1));
        }

        List<UUID> seen = new ArrayList<>();
        String cursor = null;
        do {
            JobPage page = jobs.list(JobFilter.ALL.withStatus(status), 2, cursor);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(newestFirst);
    }

    @Test
    void everyFilterCutsTheList() {
        UUID id = fixture.job()
                .type("t")
                .queue("q")
                .labels(new Labels(Map.of(), Map.of("tenant", "acme", "env", "prod"), "nightly"))
                .deadLettered()
                .facts()
                .id();
        Instant created = fixture.find(id).facts().createdAt();
        advance(HOUR);
        fixture.job()
                .labels(new Labels(Map.of(), Map.of("tenant", "other"), "daily"))
                .submitted();

        for (JobFilter matching : List.of(
                filter("t", null, Map.of(), null, null, null, null),
                filter(null, "q", Map.of(), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme"), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme", "env", "prod"), null, null, null, null),
                filter(null, null, Map.of(), "nightly", null, null, null),
                filter(null, null, Map.of(), null, "IT BRO", null, null),
                filter(null, null, Map.of(), null, null, null, created.plusSeconds(60)),
                filter("t", "q", Map.of("env", "prod"), "nightly", "broke", created, created.plusSeconds(60)))) {
            assertThat(jobs.list(matching, 10, null).items())
                    .as("%s", matching)
                    .extracting(job -> job.facts().id())
                    .containsExactly(id);
        }
        for (JobFilter other : List.of(
                filter("T", null, Map.of(), null, null, null, null),
                filter("t", "default", Map.of(), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme", "env", "test"), null, null, null, null),
                filter(null, null, Map.of(), "night", null, null, null),
                filter(null, null, Map.of(), null, "it b%e", null, null),
                filter("t", null, Map.of(), null, null, created.plusSeconds(60), null),
                filter(null, null, Map.of(), null, null, null, created))) {
            assertThat(jobs.list(other, 10, null).items()).as("%s", other).isEmpty();
        }
        assertThat(jobs.list(filter(null, null, Map.of(), null, null, created, null), 10, null)
                        .items())
                .hasSize(2);
    }

    private static JobFilter filter(
            @Nullable String type,
            @Nullable String queue,
            Map<String, String> tags,
            @Nullable String origin,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until) {
        return new JobFilter(null, type, queue, tags, origin, text, since, until);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not a cursor", "%00", "💥"})
    void aCursorThatTheListNeverGaveIsRefused(String cursor) {
        fixture.job().submitted();

        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> jobs.list(JobFilter.ALL, 10, cursor))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }
}
