/** Pulse over gRPC: {@link dev.pulse.client.PulseClient} for callers, and the broker that brings work to handlers. */
@NullMarked
package dev.pulse.client;

import org.jspecify.annotations.NullMarked;
