package dev.pulse.model;

import java.time.Instant;

/** A live session as operators see it. */
public record SessionInfo(SessionSpec spec, Instant startedAt, Instant lastHeartbeat, int running) {}
