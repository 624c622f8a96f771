package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.store.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Lists under bounds so tight that every look is cut short: nothing is missed, nothing comes twice, and the order holds. */
class JobListerTest {
    private static final int JOBS = 60;

    private PgFixture store;
    private JobFixture fixture;
    private final List<UUID> newestFirst = new ArrayList<>();

    @BeforeEach
    void open() {
        store = new PgFixture();
        fixture = new JobFixture(store);
        for (int i = 0; i < JOBS; i++) {
            newestFirst.addFirst(job(i));
            store.advance(Duration.ofMinutes(1));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private UUID job(int i) {
        JobFixture.Draft draft = fixture.job().queue("q" + i % 3).tags(Map.of("n", "t" + i % 10));
        return switch (JobStatus.values()[i % 7]) {
            case SCHEDULED -> draft.scheduled();
            case PENDING -> draft.submitted();
            case RUNNING -> draft.running().facts().id();
            case RETRYING -> draft.retrying().facts().id();
            // Some lie beside the days, because their ids tell no time.
            case COMPLETED ->
                (i % 2 == 0 ? draft : draft.id(new UUID(new Random(i).nextLong(), i)))
                        .completed()
                        .facts()
                        .id();
            case DEAD_LETTERED -> draft.deadLettered().facts().id();
            case CANCELED -> draft.canceled().facts().id();
        };
    }

    private JobLister lister(JobLister.Bounds bounds) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(store.url());
        return new JobLister(new Database(source, "pulse", new Random(1)), bounds);
    }

    private static List<UUID> all(JobLister lister, JobFilter filter, int limit) {
        List<UUID> seen = new ArrayList<>();
        @Nullable String cursor = null;
        int pages = 0;
        do {
            JobPage page = lister.list(filter, limit, cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
            assertThat(++pages).isLessThan(2_000);
        } while (cursor != null);
        return seen;
    }

    @Test
    void aPageThatIsCutShortGoesOnWhereItStopped() {
        JobLister tight = lister(new JobLister.Bounds(1, 2, 3));
        assertThat(all(tight, JobFilter.ALL, 5)).containsExactlyElementsOf(newestFirst);

        Instant middle = fixture.find(newestFirst.get(JOBS / 2)).facts().createdAt();
        Stream<JobFilter> filters = Stream.concat(
                Stream.of(
                        filter("q1", Map.of(), null, null, null),
                        filter(null, Map.of("n", "t3"), null, null, null),
                        filter(null, Map.of(), "broke", null, null),
                        filter(null, Map.of(), null, middle, null),
                        filter("q2", Map.of(), null, null, middle),
                        filter("q0", Map.of("n", "none"), null, null, null)),
                Stream.of(JobStatus.values())
                        .flatMap(status -> Stream.of(
                                JobFilter.ALL.withStatus(status),
                                filter("q1", Map.of(), null, null, null).withStatus(status),
                                filter(null, Map.of(), null, null, middle).withStatus(status))));
        filters.forEach(filter -> assertThat(all(tight, filter, 3))
                .as("%s", filter)
                .containsExactlyElementsOf(all(lister(JobLister.Bounds.DEFAULT), filter, 1_000)));
    }

    @Test
    void aFilterThatMatchesNothingAnswersEmptyPagesWithACursor() {
        JobFilter nothing = filter("q0", Map.of("n", "none"), null, null, null);

        JobPage page = lister(new JobLister.Bounds(1, 2, 3)).list(nothing, 5, null);

        assertThat(page.items()).isEmpty();
        assertThat(page.nextCursor()).isNotNull();
        assertThat(lister(JobLister.Bounds.DEFAULT).list(nothing, 5, null).nextCursor())
                .isNull();
    }

    private static JobFilter filter(
            @Nullable String queue,
            Map<String, String> tags,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until) {
        JobFilter all = JobFilter.ALL;
        return new JobFilter(all.status(), all.type(), queue, tags, all.origin(), text, since, until);
    }
}
