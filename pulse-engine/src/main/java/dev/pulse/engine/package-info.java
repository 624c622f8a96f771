/**
 * The roles that move jobs, each a steppable agent, and {@link dev.pulse.engine.Engine}, the one door to them. Knows the
 * model and the store's port; no SQL and no wire.
 */
@NullMarked
package dev.pulse.engine;

import org.jspecify.annotations.NullMarked;
