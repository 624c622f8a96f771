package dev.pulse.store;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all contracts share: one empty store a test. */
public abstract class StoreContract {
    protected StoreFixture store;
    protected JobFixture fixture;
    protected JobStore jobs;
    protected SessionStore sessions;
    protected ServerStore servers;
    protected BundleStore bundles;
    protected SwitchStore switches;
    protected HistoryStore history;
    protected EventStore events;
    protected NoteStore notes;
    protected KeyStore keys;
    protected SignInStore signIns;

    /** A store of its own for one test, empty. */
    protected abstract StoreFixture fixture();

    @BeforeEach
    final void openStore() {
        store = fixture();
        fixture = new JobFixture(store);
        jobs = store.stores().jobs();
        sessions = store.stores().sessions();
        servers = store.stores().servers();
        bundles = store.stores().bundles();
        switches = store.stores().switches();
        history = store.stores().history();
        events = store.stores().events();
        notes = store.stores().notes();
        keys = store.stores().keys();
        signIns = store.stores().signIns();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    protected final void advance(Duration time) {
        store.advance(time);
    }
}
