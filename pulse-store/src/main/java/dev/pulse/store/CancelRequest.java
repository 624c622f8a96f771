package dev.pulse.store;

import dev.pulse.model.LeaseToken;
import java.util.UUID;

/** A cancel that a session has to carry out. */
public record CancelRequest(UUID session, UUID jobId, LeaseToken token) {}
