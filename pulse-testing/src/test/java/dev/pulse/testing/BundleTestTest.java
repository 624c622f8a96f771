package dev.pulse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.BundleRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Outcomes;
import dev.pulse.sdk.Pulse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles of the code under test, as its test sees them; in every mode. */
@Timeout(120)
class BundleTestTest {
    private static final JobType<String> LOAD = JobType.of("load", String.class);
    private static final JobType<String> REPORT = JobType.of("report", String.class);

    private final List<String> ran = new ArrayList<>();
    private @Nullable PulseTest opened;

    private PulseTest open(TestMode mode) {
        PulseTest test = PulseTest.with(mode).open();
        opened = test;
        test.pulse()
                .handleReturning(LOAD, (job, text) -> {
                    ran.add(text);
                    return text.startsWith("bad") ? Outcomes.deadLetter("bad") : null;
                })
                .handle(REPORT, (job, text) -> ran.add(text));
        return test;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBundleRunsAndItsCallbackAfterIt(TestMode mode) {
        PulseTest test = open(mode);
        BundleRef ref = test.pulse()
                .bundle(
                        "import",
                        bundle -> bundle.add(LOAD, "a")
                                .add(LOAD, "b")
                                .add("more", inner -> inner.add(LOAD, "c"))
                                .onComplete(REPORT, "done"));
        test.drain();

        assertThat(ran).startsWith("a", "b", "c").endsWith("done").hasSize(4);
        Bundle bundle = ref.status();
        assertThat(bundle.status()).isEqualTo(BundleStatus.COMPLETED);
        assertThat(bundle.counts()).isEqualTo(new BundleCounts(3, 3, 0, 0));
        assertThat(test.enqueued(LOAD)).extracting(EnqueuedJob::payload).containsExactly("a", "b", "c");
        test.enqueuedNone(REPORT); // it was made by the bundle, not by the code
    }

    @ParameterizedTest
    @EnumSource
    void awaitRunsWhatIsReadyAndTakesNoTime(TestMode mode) {
        PulseTest test = open(mode);
        BundleRef ref = test.pulse()
                .bundle(
                        "import",
                        bundle -> bundle.add(LOAD, "a")
                                .add(LOAD, "late", options -> options.delay(Duration.ofDays(1)))
                                .add(LOAD, "bad"));

        assertThat(ref.await(Duration.ofDays(365)).counts()).isEqualTo(new BundleCounts(3, 1, 1, 0));
        test.elapse(Duration.ofDays(1));

        assertThat(ref.await(Duration.ZERO).status()).isEqualTo(BundleStatus.FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsIgnoredIsLeftOutOfTheBundle(TestMode mode) {
        PulseTest test = open(mode);
        test.ignore(REPORT);
        try (Ignoring unused = test.ignore(LOAD, text -> text.startsWith("x"))) {
            BundleRef ref = test.pulse()
                    .bundle(
                            "import",
                            bundle -> bundle.add(LOAD, "x1")
                                    .add(LOAD, "a")
                                    .add("inner", inner -> inner.add(LOAD, "x2"))
                                    .onComplete(REPORT, "done"));
            test.drain();

            assertThat(ref.status().counts()).isEqualTo(new BundleCounts(1, 1, 0, 0));
        }
        assertThat(ran).containsExactly("a");
        assertThat(test.enqueued(LOAD)).extracting(EnqueuedJob::ignored).containsExactly(true, false, true);
    }

    @ParameterizedTest
    @EnumSource
    void aBundleOfWhichNothingIsLeftIsNotFoundAndTheMessageSaysWhy(TestMode mode) {
        PulseTest test = open(mode);
        test.ignoreAll();

        BundleRef ref = test.pulse().bundle("import", bundle -> bundle.add(LOAD, "a"));

        assertThat(test.drain()).isZero();
        assertThat(test.enqueuedOnce(LOAD).ignored()).isTrue();
        assertThatThrownBy(() -> ref.await(Duration.ZERO))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUNDLE_NOT_FOUND))
                .hasMessageContaining("this test ignored");
        assertThatThrownBy(ref::cancel).hasMessageContaining("this test ignored");
    }

    @ParameterizedTest
    @EnumSource
    void aBundleIsCanceledWhileItWaits(TestMode mode) {
        PulseTest test = open(mode);
        BundleRef ref = test.pulse()
                .bundle("import", bundle -> bundle.add(LOAD, "a", options -> options.delay(Duration.ofHours(1))));

        ref.cancel();
        test.elapse(Duration.ofHours(2));

        assertThat(ref.status().status()).isEqualTo(BundleStatus.CANCELED);
        assertThat(ran).isEmpty();
        test.pulse().bundles().deleteBundle(ref.id());
        assertThatThrownBy(ref::status).isInstanceOf(PulseException.class);
    }

    @Test
    void aPulseInMemoryHasBundlesToo() {
        try (Pulse pulse = PulseTest.inMemory()) {
            pulse.handle(LOAD, (job, text) -> {});
            pulse.start();

            BundleRef ref =
                    pulse.bundle("import", bundle -> bundle.add(LOAD, "a").add(LOAD, "b"));

            assertThat(ref.await(Duration.ofSeconds(30)).status()).isEqualTo(BundleStatus.COMPLETED);
        }
    }
}
