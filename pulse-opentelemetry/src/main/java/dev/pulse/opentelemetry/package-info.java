/** Traces of OpenTelemetry, from the enqueue of a job to each of its attempts. */
@NullMarked
package dev.pulse.opentelemetry;

import org.jspecify.annotations.NullMarked;
