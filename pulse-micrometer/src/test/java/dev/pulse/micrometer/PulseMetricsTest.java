package dev.pulse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineConfig;
import dev.pulse.engine.SteppedEngine;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.Stores;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine's counts as meters, in any registry. */
final class PulseMetricsTest {
    private final Random random = new Random(7);
    private final Stores stores = new MemoryStores(InstantSource.system(), random).stores();
    private final List<SteppedEngine> engines = new ArrayList<>();

    @AfterEach
    void close() {
        engines.forEach(SteppedEngine::close);
    }

    private Engine engine() {
        SteppedEngine made = new SteppedEngine(
                EngineConfig.DEFAULT,
                stores,
                new MemoryHints(),
                new Engine.EngineRuntime(
                        new UUID(0, engines.size() + 1),
                        "one",
                        "test",
                        InstantSource.system(),
                        System::nanoTime,
                        random));
        engines.add(made);
        made.step();
        return made.engine();
    }

    private void submit(Engine engine, String type, String queue) {
        Submission job = new SubmissionBuilder(Limits.DEFAULT)
                .type(type)
                .queue(queue)
                .build(new IdSource(InstantSource.system(), random));
        var answer = engine.submit(List.of(job), false);
        engines.forEach(SteppedEngine::step);
        answer.join();
    }

    private static double gauge(MeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void anyRegistryGetsCountersAndGauges() {
        Engine engine = engine();
        submit(engine, "email", "mail");
        engine.takeCensus();
        MeterRegistry registry = new SimpleMeterRegistry();
        new PulseMetrics(engine).bindTo(registry);

        assertThat(registry.get("pulse.jobs.submitted").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("pulse.job.start").functionTimer().count()).isZero();
        assertThat(registry.get("pulse.batch.jobs")
                        .tags("step", "submit")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(gauge(registry, "pulse.jobs", "type", "email", "status", "pending"))
                .isEqualTo(1);
        assertThat(gauge(registry, "pulse.queue.jobs", "queue", "mail", "status", "pending"))
                .isEqualTo(1);
        assertThat(gauge(registry, "pulse.leader")).isEqualTo(1);
    }

    @Test
    void manyTypesAndQueuesShareTheNameOther() {
        Engine engine = engine();
        IntStream.range(0, 250).forEach(i -> submit(engine, "type-" + i, "queue-" + i));
        engine.takeCensus();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new PulseMetrics(engine).bindTo(registry);

        assertThat(registry.get("pulse.jobs").tags("status", "pending").gauges())
                .hasSize(PulseMetrics.MOST_NAMES + 1);
        assertThat(gauge(registry, "pulse.jobs", "type", "other", "status", "pending"))
                .isEqualTo(150);
        assertThat(gauge(registry, "pulse.queue.jobs", "queue", "other", "status", "pending"))
                .isEqualTo(150);
        assertThat(registry.scrape().lines().count()).isLessThan(2_000);
    }

    @Test
    void onlyTheLeaderTellsWhatAllShare() {
        Engine leader = engine();
        Engine follower = engine();
        submit(leader, "email", "mail");
        leader.takeCensus();
        follower.takeCensus();
        MeterRegistry ofLeader = new SimpleMeterRegistry();
        MeterRegistry ofFollower = new SimpleMeterRegistry();
        new PulseMetrics(leader).bindTo(ofLeader);
        new PulseMetrics(follower).bindTo(ofFollower);

        assertThat(ofLeader.find("pulse.oldest.seconds").gauge()).isNotNull();
        assertThat(ofFollower.find("pulse.oldest.seconds").gauge()).isNull();
        assertThat(ofFollower.find("pulse.jobs").gauge()).isNull();
        assertThat(gauge(ofFollower, "pulse.leader")).isZero();
    }

    @Test
    void aNameKeepsItsPlace() {
        Labels labels = new Labels(2);

        assertThat(List.of(labels.of("a"), labels.of("b"), labels.of("c"), labels.of("a"), labels.of("c")))
                .containsExactly("a", "b", "other", "a", "other");
    }
}
