package dev.pulse.sdk;

/** JSON text as it is, for payloads and results that no codec should touch. */
public record Json(String text) {}
