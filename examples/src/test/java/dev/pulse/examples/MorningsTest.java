package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.testing.PulseTest;
import dev.pulse.testing.WithPulse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A week under the test's clock: it begins on a Sunday evening. */
@WithPulse(startingAt = "2027-12-19T18:00:00Z")
class MorningsTest {
    private final List<String> posted = new ArrayList<>();

    @Test
    void theDigestIsPostedOnWorkingDaysButNotOnChristmasEve(PulseTest test) {
        new Mornings(test.pulse(), posted::add);

        test.elapse(Duration.ofDays(7));

        assertThat(posted)
                .filteredOn(line -> line.startsWith("billing"))
                .hasSize(4)
                .startsWith("billing at 2027-12-20T06:00:00Z")
                .endsWith("billing at 2027-12-23T06:00:00Z");
        assertThat(test.schedule("billing-digest").nextAt()).isEqualTo(Instant.parse("2027-12-27T06:00:00Z"));
        assertThat(test.fires("tidy-up")).hasSize(28);
    }

    @Test
    void aWeekWithoutAProcessIsOneDigest(PulseTest test) {
        new Mornings(test.pulse(), posted::add);

        test.clock().advance(Duration.ofDays(7));
        test.drain();

        assertThat(posted).filteredOn(line -> line.startsWith("billing")).hasSize(1);
        assertThat(test.schedule("billing-digest").counts().coalesced()).isEqualTo(3);
    }
}
