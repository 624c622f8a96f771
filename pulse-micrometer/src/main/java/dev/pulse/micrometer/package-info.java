/** What an engine counts, as meters of Micrometer. */
@NullMarked
package dev.pulse.micrometer;

import org.jspecify.annotations.NullMarked;
