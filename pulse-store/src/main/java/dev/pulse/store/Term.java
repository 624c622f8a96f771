package dev.pulse.store;

import java.util.UUID;

/** One spell of leadership: who, and which spell. Checked again in each statement that acts on it. */
public record Term(UUID server, long number) {}
