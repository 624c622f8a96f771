package dev.pulse.json;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import java.util.Optional;

/** A result that says it is JSON is shown as such by other doors, so it has to be. */
public final class ResultCheck {
    private ResultCheck() {}

    /**
     * The outcome, or a failure where its result is not what it says. Refusing the report would leave the worker with one
     * that it could only repeat for ever.
     */
    public static Outcome checked(Outcome outcome) {
        if (outcome instanceof Outcome.Ack(Payload result) && result != null && result.isJson()) {
            Optional<String> fault = JsonText.fault(result.bytes());
            if (fault.isPresent()) {
                return new Outcome.Fail(AttemptError.of("result_not_json", "the handler's result " + fault.get()));
            }
        }
        return outcome;
    }
}
