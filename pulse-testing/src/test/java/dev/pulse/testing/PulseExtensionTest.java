package dev.pulse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class PulseExtensionTest {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final Set<Pulse> PULSES = ConcurrentHashMap.newKeySet();

    @BeforeEach
    @AfterEach
    void forget() {
        SEEN.clear();
        PULSES.clear();
    }

    private static TestExecutionSummary run(Class<?> tests, Map<String, String> parameters) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameters(parameters)
                .build();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary();
    }

    private static void requireGreen(TestExecutionSummary summary) {
        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isPositive();
    }

    @Test
    void theFlagChoosesTheModeAndWithoutItTestsRunInMemory() {
        requireGreen(run(PlainSample.class, Map.of()));
        requireGreen(run(PlainSample.class, Map.of(TestMode.FLAG, "synchronous")));
        requireGreen(run(PlainSample.class, Map.of(TestMode.FLAG, "Postgres")));

        assertThat(SEEN).containsExactly("IN_MEMORY", "SYNCHRONOUS", "POSTGRES");
    }

    @Test
    void aModeThatDoesNotExistIsRefusedWithThoseThatDo() {
        TestExecutionSummary summary = run(PlainSample.class, Map.of(TestMode.FLAG, "oracle"));

        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getException())
                        .hasMessageContaining(
                                "pulse.test.mode: there is no mode \"oracle\"; use synchronous, in-memory, postgres"));
    }

    @Test
    void whatATestAsksForGoesBeforeTheFlag() {
        requireGreen(run(AskingSample.class, Map.of(TestMode.FLAG, "postgres")));

        assertThat(SEEN).containsExactlyInAnyOrder("SYNCHRONOUS 2026-03-01T09:00:00Z", "IN_MEMORY");
    }

    @Test
    void eachTestHasAPulseOfItsOwnAlsoBesideOthers() {
        requireGreen(run(
                ManySample.class,
                Map.of(
                        "junit.jupiter.execution.parallel.enabled",
                        "true",
                        "junit.jupiter.execution.parallel.mode.default",
                        "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy",
                        "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                        "4",
                        TestMode.FLAG,
                        "postgres")));

        assertThat(PULSES).hasSize(4);
    }

    @Test
    void aFieldSetsItUpInCode() {
        requireGreen(run(FieldSample.class, Map.of()));

        assertThat(SEEN).containsExactly("2000-01-01T00:00:00Z");
    }

    @WithPulse
    static class PlainSample {
        @Test
        void sample(PulseTest test, Pulse pulse, TestClock clock) {
            assertThat(test.pulse()).isSameAs(pulse);
            assertThat(test.clock()).isSameAs(clock);
            SEEN.add(test.mode().name());
        }
    }

    @WithPulse(mode = TestMode.SYNCHRONOUS, startingAt = "2026-03-01T09:00:00Z")
    static class AskingSample {
        @Test
        void asTheClassSays(PulseTest test) {
            SEEN.add(test.mode() + " " + test.clock().instant());
        }

        @Test
        @WithPulse(mode = TestMode.IN_MEMORY)
        void asTheTestSays(PulseTest test) {
            SEEN.add(test.mode().name());
        }
    }

    @WithPulse
    static class ManySample {
        private static final JobType<String> WORK = JobType.of("work", String.class);

        private static void works(PulseTest test) {
            PULSES.add(test.pulse());
            List<String> ran = new CopyOnWriteArrayList<>();
            test.pulse().handle(WORK, (job, text) -> ran.add(text));
            for (int i = 0; i < 20; i++) {
                test.pulse().enqueue(WORK, "job " + i);
            }
            assertThat(test.drain()).isEqualTo(20);
            assertThat(ran).hasSize(20);
        }

        @Test
        void one(PulseTest test) {
            works(test);
        }

        @Test
        void two(PulseTest test) {
            works(test);
        }

        @Test
        void three(PulseTest test) {
            works(test);
        }

        @Test
        void four(PulseTest test) {
            works(test);
        }
    }

    static class FieldSample {
        @RegisterExtension
        private final PulseExtension extension =
                new PulseExtension(setup -> setup.startingAt(Instant.parse("2000-01-01T00:00:00Z")));

        @Test
        void sample(TestClock clock) {
            SEEN.add(clock.instant().toString());
        }
    }
}
