/** The command line: commands over the public protocol, and the composition root of {@code pulse dev} and its sisters. */
@NullMarked
package dev.pulse.cli;

import org.jspecify.annotations.NullMarked;
