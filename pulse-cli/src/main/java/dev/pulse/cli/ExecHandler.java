package dev.pulse.cli;

import dev.pulse.json.JsonText;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.ReturningHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does a job by a shell command; its exit status is the outcome. Stop 7 of the path, on the handler's virtual thread. */
final class ExecHandler implements ReturningHandler<Payload> {
    /** EX_TEMPFAIL of sysexits.h. */
    static final int RETRY = 75;
    /** EX_DATAERR of sysexits.h. */
    static final int DEAD_LETTER = 65;

    private final ShellJob command;

    ExecHandler(ShellJob command) {
        this.command = command;
    }

    @Override
    public Outcome handle(JobContext job, Payload payload) throws IOException, InterruptedException {
        Map<String, String> variables = Map.of(
                "PULSE_JOB_ID", job.id().toString(),
                "PULSE_ATTEMPT", String.valueOf(job.attempt()),
                "PULSE_TYPE", job.type());
        return outcome(command.run(payload.bytes(), variables));
    }

    static Outcome outcome(ShellJob.Result result) {
        AttemptError error = AttemptError.of("exit " + result.status(), reason(result));
        return switch (result.status()) {
            case 0 -> new Outcome.Ack(output(result));
            case RETRY -> new Outcome.Retry(null, error);
            case DEAD_LETTER -> new Outcome.DeadLetter(error);
            default -> new Outcome.Fail(error);
        };
    }

    /** What the command printed, when that is JSON; commands that print something else are as welcome. */
    private static @Nullable Payload output(ShellJob.Result result) {
        String text = new String(result.stdout(), StandardCharsets.UTF_8).strip();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean json =
                !result.stdoutCut() && !text.isEmpty() && JsonText.fault(bytes).isEmpty();
        return json ? Payload.of(bytes, Payload.JSON) : null;
    }

    private static String reason(ShellJob.Result result) {
        String end = new String(result.stderr(), StandardCharsets.UTF_8).strip();
        return end.isEmpty() ? "the command ended with exit status " + result.status() : end;
    }
}
