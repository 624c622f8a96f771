package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.SubmissionBuilder;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ResourceBundle;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the log says of the schedules in the code. */
class LoggingListenerTest {
    private final Lines log = new Lines();
    private final LoggingListener listener = new LoggingListener(log);

    @Test
    void aMissingScheduleIsAWarningThatSaysWhatToDo() {
        ScheduleInfo gone = new ScheduleInfo(
                new UUID(0, 7),
                1,
                Schedule.cron("@daily")
                        .named("nightly")
                        .spec(
                                new SubmissionBuilder(Limits.DEFAULT)
                                        .type("digest")
                                        .build(new IdSource(() -> Instant.EPOCH, new Random(1))),
                                null),
                ScheduleStatus.ENDED,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                false,
                ScheduleCounts.NONE,
                null,
                Instant.EPOCH,
                Instant.EPOCH);

        listener.schedulesMissing(List.of(gone, gone));

        assertThat(log.lines)
                .hasSize(2)
                .containsOnly("WARNING schedule nightly is not declared in the code any more and goes on; delete it, or"
                        + " declare it again: id=00000000-0000-0000-0000-000000000007");
    }

    @Test
    void whatIsWrongWithSchedulesIsToldWithItsReason() {
        listener.schedulesWaiting(new PulseException(ErrorCode.UNREACHABLE, "it's {away}"));
        listener.schedulesRefused(PulseException.invalid("cron", "no"));
        listener.schedulesNeverDeclared(List.of("a", "b"));

        assertThat(log.lines)
                .containsExactly(
                        "WARNING schedules are not declared yet, trying again: it's {away}",
                        "ERROR the schedules in the code were refused, mend them and start again: cron: no",
                        "WARNING these schedules were never declared, because this Pulse was closed without a start: a,"
                                + " b");
    }

    /** Formats as the JDK's loggers do. */
    private static final class Lines implements System.Logger {
        final List<String> lines = new ArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
            lines.add(level + " " + message);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... arguments) {
            lines.add(level + " " + MessageFormat.format(format, arguments));
        }
    }
}
