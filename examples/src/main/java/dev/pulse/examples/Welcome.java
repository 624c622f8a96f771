package dev.pulse.examples;

import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.time.Duration;

/** Sends one mail in the background, and waits until it is sent. */
public class Welcome {
    record Email(String to, String subject) {}

    static final JobType<Email> SEND_EMAIL = JobType.of("send-email", Email.class);

    public static void main(String[] args) {
        try (Pulse pulse = Pulse.connect("localhost:50051")) {
            pulse.handle(SEND_EMAIL, (job, email) -> System.out.println(email.subject() + " to " + email.to()));
            pulse.start();

            JobRef ref = pulse.enqueue(SEND_EMAIL, new Email("a@b.com", "Hello"), options -> options.priority(10));
            System.out.println(ref.await(Duration.ofSeconds(30)).status());
        }
    }
}
