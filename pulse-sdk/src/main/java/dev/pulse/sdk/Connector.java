package dev.pulse.sdk;

import java.util.Optional;

/** Makes connections to one kind of address. Found by {@link java.util.ServiceLoader}. */
public interface Connector {
    /**
     * A connection, or empty where the address is of another kind. Does not wait for the other side to be there.
     *
     * @param credentials who to be there; a connector without users takes {@link Credentials#none} only
     */
    Optional<Connection> connect(String address, Credentials credentials);
}
