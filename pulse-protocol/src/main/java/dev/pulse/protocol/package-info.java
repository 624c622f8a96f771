/** Translation between the messages of the gRPC door and the values of the model. */
@NullMarked
package dev.pulse.protocol;

import org.jspecify.annotations.NullMarked;
