/** A real PostgreSQL server beside this process: unpacked, started, watched and stopped here. For {@code pulse dev} and for tests. */
@NullMarked
package dev.pulse.localpostgres;

import org.jspecify.annotations.NullMarked;
