/**
 * What applications import: {@link dev.pulse.sdk.Pulse}, typed jobs and handlers; and the runtime that works jobs behind
 * the {@link dev.pulse.sdk.Broker} seam, wherever they come from.
 */
@NullMarked
package dev.pulse.sdk;

import org.jspecify.annotations.NullMarked;
