package dev.pulse.store;

/**
 * One pool of connections at one moment.
 *
 * @param name {@code control}, {@code data} or {@code query}
 * @param active connections at work
 * @param idle connections at rest
 * @param waiting callers that wait for one
 * @param most connections that it may open
 */
public record PoolState(String name, int active, int idle, int waiting, int most) {}
