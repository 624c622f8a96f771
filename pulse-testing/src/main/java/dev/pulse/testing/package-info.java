/**
 * For the tests of applications: {@link dev.pulse.testing.PulseTest} is Pulse in the caller's own thread, synchronous, in
 * memory or on PostgreSQL, under a clock that the test moves; {@link dev.pulse.testing.PulseExtension} brings it to JUnit.
 */
@NullMarked
package dev.pulse.testing;

import org.jspecify.annotations.NullMarked;
