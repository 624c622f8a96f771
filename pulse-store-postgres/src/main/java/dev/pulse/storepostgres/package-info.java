/**
 * The store on PostgreSQL. One file per statement under {@code sql/}, named by {@link
 * dev.pulse.storepostgres.Statement}; the layout and its reasons stand in {@code migration/} and docs/locking.md.
 */
@NullMarked
package dev.pulse.storepostgres;

import org.jspecify.annotations.NullMarked;
