package dev.pulse.model;

import java.time.Instant;

/**
 * An event that a subscription gave up.
 *
 * @param deliveries how often it was handed out
 * @param error what the last consumer said, or that it was lost
 */
public record ParkedEvent(Event event, int deliveries, String error, Instant parkedAt) {}
