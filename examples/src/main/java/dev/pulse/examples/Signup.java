package dev.pulse.examples;

import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.io.IOException;
import java.time.Duration;

/** Welcomes new users by mail, and asks a day later how they are doing. Its test shows how jobs are tested. */
public final class Signup {
    public record Mail(String to, String subject) {}

    public static final JobType<Mail> SEND_MAIL = JobType.of("send-mail", Mail.class);

    /** What brings a mail on its way. */
    @FunctionalInterface
    public interface Mailer {
        void send(Mail mail) throws IOException;
    }

    private final Pulse pulse;

    public Signup(Pulse pulse, Mailer mailer) {
        this.pulse = pulse;
        pulse.handle(SEND_MAIL, (job, mail) -> mailer.send(mail));
    }

    public void register(String address) {
        pulse.enqueue(SEND_MAIL, new Mail(address, "Welcome"));
        pulse.enqueue(
                SEND_MAIL,
                new Mail(address, "How is it going?"),
                options -> options.delay(Duration.ofDays(1)).key("day-1-" + address));
    }
}
