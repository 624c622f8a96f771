/** What handlers log through SLF4J and Logback, in their jobs' logs. */
@NullMarked
package dev.pulse.logback;

import org.jspecify.annotations.NullMarked;
