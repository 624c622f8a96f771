package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.Optional;

/** A way to a Pulse: submitting and working through it. */
public interface Connection extends AutoCloseable {
    JobClient jobs();

    Broker broker();

    /**
     * The events of jobs and bundles.
     *
     * @throws PulseException CONFIGURATION where this way to a Pulse has none
     */
    default EventClient events() {
        throw new PulseException(ErrorCode.CONFIGURATION, "this connection has no events");
    }

    /**
     * Bundles, where this way to a Pulse has them.
     *
     * @throws PulseException CONFIGURATION where it has not: a stream of messages knows no bundles
     */
    default BundleClient bundles() {
        throw new PulseException(
                ErrorCode.CONFIGURATION, "this connection has no bundles; connect to a server, or embed the engine");
    }

    /**
     * Schedules, where this way to a Pulse has them.
     *
     * @throws PulseException CONFIGURATION where it has not: a stream of messages knows no schedules
     */
    default ScheduleClient schedules() {
        throw new PulseException(
                ErrorCode.CONFIGURATION, "this connection has no schedules; connect to a server, or embed the engine");
    }

    /**
     * Work inside transactions of the application's.
     *
     * @throws IllegalStateException where this is no way into the application's own database
     */
    default Transactions transactions() {
        throw new IllegalStateException(
                "within(connection) needs Pulse.embedded(dataSource): this Pulse has no database of the application's");
    }

    /** What lies beneath, of that class, where this way to a Pulse has it: the engine of an embedded one, for its metrics. */
    default <T> Optional<T> unwrap(Class<T> type) {
        return Optional.empty();
    }

    @Override
    void close();
}
