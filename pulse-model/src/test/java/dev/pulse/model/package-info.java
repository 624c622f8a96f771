/** The laws of the model, exhaustive where the space is small, by seeds where it is not. */
@NullMarked
package dev.pulse.model;

import org.jspecify.annotations.NullMarked;
