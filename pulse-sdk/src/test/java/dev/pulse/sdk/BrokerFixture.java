package dev.pulse.sdk;

/** One way to get work, with nothing in it. */
public interface BrokerFixture extends AutoCloseable {
    Connection connection();

    /** The engine behind the broker asks its workers to leave; returns at once. */
    void drain();

    @Override
    void close();
}
