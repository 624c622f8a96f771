package dev.pulse.sdk;

/** A way to a Pulse: submitting and working through it. */
public interface Connection extends AutoCloseable {
    JobClient jobs();

    Broker broker();

    @Override
    void close();
}
