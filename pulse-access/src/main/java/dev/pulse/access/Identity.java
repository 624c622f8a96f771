package dev.pulse.access;

import dev.pulse.model.Caller;
import dev.pulse.model.Rights;

/**
 * Who a credential belongs to, wherever it is used from.
 *
 * @param name for the audit log
 */
record Identity(String name, Rights rights) {
    Access at(Origin origin) {
        return new Access(new Caller(name, origin.address()), rights.roles(), rights.queues());
    }
}
