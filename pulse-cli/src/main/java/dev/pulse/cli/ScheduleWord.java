package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleInfo;
import picocli.CommandLine.Parameters;

/** The word that says which schedule a command is about. */
final class ScheduleWord {
    @Parameters(index = "0", paramLabel = "ID", description = "The schedule's id or name.")
    private String word = "";

    ScheduleInfo find(PulseClient client) {
        return client.findSchedule(word)
                .orElseThrow(() ->
                        new PulseException(ErrorCode.SCHEDULE_NOT_FOUND, "no schedule has the id or name " + word));
    }
}
