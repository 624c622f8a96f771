package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;

/** A replica as operators see it. */
public record ServerInfo(UUID id, String name, String version, Instant startedAt, Instant lastSeen, boolean leader) {}
