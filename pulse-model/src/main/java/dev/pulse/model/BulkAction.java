package dev.pulse.model;

/** What can be done to every job that matches a filter. */
public enum BulkAction {
    REQUEUE,
    CANCEL,
    DELETE
}
