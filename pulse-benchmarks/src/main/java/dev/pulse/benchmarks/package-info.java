/** Load runs over real processes, for {@code ./dev bench}: figures with their method, never a timed test. */
@NullMarked
package dev.pulse.benchmarks;

import org.jspecify.annotations.NullMarked;
