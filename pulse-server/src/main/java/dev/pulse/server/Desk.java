package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;

/** What one caller can reach, thing by thing. Made for each call; holds nothing. */
final class Desk {
    private final Engine engine;
    private final Access access;

    Desk(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
    }

    JobDesk jobs() {
        return new JobDesk(engine, access);
    }

    BulkDesk bulk() {
        return new BulkDesk(engine.bulk(), access);
    }

    BundleDesk bundles() {
        return new BundleDesk(engine.bundles(), access);
    }

    ScheduleDesk schedules() {
        return new ScheduleDesk(engine, access);
    }

    SwitchDesk switches() {
        return new SwitchDesk(engine, access);
    }

    SessionDesk sessions() {
        return new SessionDesk(engine, access);
    }

    EventDesk events() {
        return new EventDesk(engine.events(), access);
    }

    SystemDesk system() {
        return new SystemDesk(engine);
    }
}
