package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How the store says it is, and how long it says that a job waited. */
public abstract class VitalsContract extends StoreContract {
    @Test
    void theClockIsTheStores() {
        Instant before = servers.now();

        assertThat(store.stores().vitals().read().clock()).isBetween(before, servers.now());
    }

    @Test
    void whatNobodyCouldReadOrHandleIsCounted() {
        buried(AttemptError.UNREADABLE_PAYLOAD);
        buried(AttemptError.NO_HANDLER);
        buried(AttemptError.NO_HANDLER);
        buried("java.io.IOException");

        Vitals vitals = store.stores().vitals().read();

        assertThat(vitals.deadLettersLookedAt()).isEqualTo(4);
        assertThat(vitals.unreadable()).isEqualTo(1);
        assertThat(vitals.unhandled()).isEqualTo(2);
    }

    @Test
    void anAssignmentKnowsHowLongTheJobWasReady() {
        fixture.job().type("waits").submitted();
        advance(Duration.ofMinutes(40));

        assertThat(fixture.claimOne("waits").waited()).isBetween(Duration.ofMinutes(40), Duration.ofMinutes(45));
    }

    @Test
    void aJobThatWasDueLaterWaitsFromThenOn() {
        fixture.job().type("waits").scheduled();
        advance(JobFixture.PAST_EVERY_WAIT);
        fixture.promoteAll();
        advance(Duration.ofMinutes(40));

        assertThat(fixture.claimOne("waits").waited()).isBetween(Duration.ofMinutes(40), Duration.ofMinutes(45));
    }

    private void buried(String errorType) {
        Assignment job = fixture.job().running();
        fixture.end(job, new Outcome.DeadLetter(AttemptError.of(errorType, "it would not do")));
    }
}
