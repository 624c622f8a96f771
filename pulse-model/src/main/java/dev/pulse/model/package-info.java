/** Values and laws: what a job is, which moves are legal, how failures wait. No I/O and no dependency but JSpecify. */
@NullMarked
package dev.pulse.model;

import org.jspecify.annotations.NullMarked;
