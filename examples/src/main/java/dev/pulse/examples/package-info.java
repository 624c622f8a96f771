/** Runnable examples. Each is a program; the README quotes them. */
@NullMarked
package dev.pulse.examples;

import org.jspecify.annotations.NullMarked;
