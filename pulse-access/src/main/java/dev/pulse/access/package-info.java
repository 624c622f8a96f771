/** Who calls, and what they may do: signing in, roles, queues. */
@NullMarked
package dev.pulse.access;

import org.jspecify.annotations.NullMarked;
