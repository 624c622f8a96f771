package dev.pulse.store;

/** The ports of one database. */
public record Stores(
        JobStore jobs,
        SessionStore sessions,
        ServerStore servers,
        BundleStore bundles,
        SwitchStore switches,
        HistoryStore history,
        EventStore events,
        BulkStore bulk,
        AuditStore audit,
        NoteStore notes,
        ScheduleStore schedules,
        VitalsStore vitals,
        KeyStore keys,
        SignInStore signIns) {}
