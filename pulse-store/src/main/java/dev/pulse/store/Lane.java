package dev.pulse.store;

/**
 * One line of waiting jobs, first in first out: a queue, a type and a priority. Jobs that lost their worker twice in a row
 * wait in a sibling lane of their own, so that the claimer can grant them one to a session.
 */
public record Lane(int number, String queue, String type, int priority, boolean suspect) {}
