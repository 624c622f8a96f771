package dev.pulse.engine;

/** What can be done to many jobs at once. */
public enum BulkAction {
    REQUEUE,
    CANCEL,
    DELETE
}
