/**
 * When a schedule fires: {@link dev.pulse.schedules.Timetable} computes the instants, {@link dev.pulse.schedules.Rules} reads
 * what people write. Values only: no clock, no I/O. What is computed is told by {@code docs/schedules.md}.
 */
@NullMarked
package dev.pulse.schedules;

import org.jspecify.annotations.NullMarked;
