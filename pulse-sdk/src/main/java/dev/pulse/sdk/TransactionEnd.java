package dev.pulse.sdk;

/** What became of a transaction in which a job was completed. */
public enum TransactionEnd {
    COMMITTED,
    ROLLED_BACK,
    /** Nobody can say; the attempt's own history can. */
    UNKNOWN
}
