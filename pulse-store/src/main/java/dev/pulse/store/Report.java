package dev.pulse.store;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import java.util.UUID;

/** How one attempt ended, by whoever holds its token. */
public record Report(UUID jobId, LeaseToken token, Outcome outcome) {}
