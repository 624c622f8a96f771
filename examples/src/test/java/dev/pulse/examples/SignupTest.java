package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.examples.Signup.Mail;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.testing.EnqueuedJob;
import dev.pulse.testing.Ignoring;
import dev.pulse.testing.OnFailure;
import dev.pulse.testing.PulseTest;
import dev.pulse.testing.WithPulse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Written once, and run in every mode: see those who extend it. */
@WithPulse(onFailure = OnFailure.RECORD)
class SignupTest {
    private final List<String> sent = new ArrayList<>();

    @Test
    void aNewUserIsWelcomedAndAskedADayLater(PulseTest test) {
        Signup signup = new Signup(test.pulse(), mail -> sent.add(mail.subject()));

        signup.register("a@b.com");
        test.drain();
        assertThat(sent).containsExactly("Welcome");

        test.clock().advance(Duration.ofDays(1));
        test.drain();
        assertThat(sent).containsExactly("Welcome", "How is it going?");
    }

    @Test
    void whatIsEnqueuedCanBeLookedAt(PulseTest test) {
        Signup signup = new Signup(test.pulse(), mail -> sent.add(mail.subject()));

        signup.register("a@b.com");

        assertThat(test.enqueued(Signup.SEND_MAIL))
                .extracting(job -> job.payload().subject())
                .containsExactly("Welcome", "How is it going?");
        EnqueuedJob<Mail> later =
                test.enqueuedOnce(Signup.SEND_MAIL, mail -> mail.subject().startsWith("How"));
        assertThat(later.delay()).isEqualTo(Duration.ofDays(1));
        assertThat(later.key()).isEqualTo("day-1-a@b.com");
    }

    @Test
    void aMailServerThatIsDownCostsTimeAndNoMail(PulseTest test) {
        List<String> tries = new ArrayList<>();
        Signup signup = new Signup(test.pulse(), mail -> {
            tries.add(mail.subject());
            if (tries.size() < 3) {
                throw new IOException("connection refused");
            }
            sent.add(mail.subject());
        });

        signup.register("a@b.com");
        test.elapse(Duration.ofMinutes(1));

        assertThat(sent).containsExactly("Welcome");
        Job welcome = test.job(test.enqueued(Signup.SEND_MAIL).getFirst().id());
        assertThat(welcome.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(welcome.attempts()).hasSize(3);
    }

    @Test
    void mailsCanBeLeftOut(PulseTest test) {
        Signup signup = new Signup(test.pulse(), mail -> sent.add(mail.subject()));

        try (Ignoring unused = test.ignore(Signup.SEND_MAIL)) {
            signup.register("a@b.com");
        }
        test.elapse(Duration.ofDays(2));

        assertThat(sent).isEmpty();
        assertThat(test.enqueued(Signup.SEND_MAIL)).hasSize(2).allMatch(EnqueuedJob::ignored);
    }
}
