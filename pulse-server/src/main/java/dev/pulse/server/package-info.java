/**
 * The composition root: reads the configuration, opens the store, starts the engine and puts two doors before it, gRPC and
 * REST. The doors translate and refuse; what a job may do is decided behind them.
 */
@NullMarked
package dev.pulse.server;

import org.jspecify.annotations.NullMarked;
