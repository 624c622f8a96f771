/**
 * Pulse inside the application: {@link dev.pulse.embedded.EngineConnection} is the SDK's connection over an engine in the
 * same process, with any store.
 */
@NullMarked
package dev.pulse.embedded;

import org.jspecify.annotations.NullMarked;
