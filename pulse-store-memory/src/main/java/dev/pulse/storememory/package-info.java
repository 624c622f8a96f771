/**
 * The executable model of the store port: sorted maps behind one lock, written to be read. What it answers is right by
 * definition; the store on PostgreSQL is compared with it. It keeps nothing when the process ends.
 */
@NullMarked
package dev.pulse.storememory;

import org.jspecify.annotations.NullMarked;
