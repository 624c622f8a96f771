package dev.pulse.store;

/** The three ports of one database. */
public record Stores(JobStore jobs, SessionStore sessions, ServerStore servers) {}
