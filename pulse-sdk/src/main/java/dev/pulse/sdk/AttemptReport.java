package dev.pulse.sdk;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import java.util.UUID;

/** How one attempt ended. */
public record AttemptReport(UUID jobId, LeaseToken token, Outcome outcome) {}
