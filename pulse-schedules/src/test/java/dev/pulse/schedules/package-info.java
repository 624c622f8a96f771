@NullMarked
package dev.pulse.schedules;

import org.jspecify.annotations.NullMarked;
