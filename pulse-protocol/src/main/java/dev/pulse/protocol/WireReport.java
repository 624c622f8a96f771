package dev.pulse.protocol;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import java.util.UUID;

/** A report as it came over the wire, checked. */
public record WireReport(UUID jobId, LeaseToken token, Outcome outcome) {}
