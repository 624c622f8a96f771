/** Real processes that are killed, stopped and cut off, for {@code ./dev torture}: every extra run has to be explained. */
@NullMarked
package dev.pulse.torture;

import org.jspecify.annotations.NullMarked;
