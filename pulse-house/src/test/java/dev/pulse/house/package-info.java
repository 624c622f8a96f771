/** The rules of the house: what may depend on what, where time and chance come from, how code and SQL are laid out. */
@NullMarked
package dev.pulse.house;

import org.jspecify.annotations.NullMarked;
