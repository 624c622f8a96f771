/**
 * The JSON of Pulse's doors, for the server, the command line and anything else that shows REST shapes. Reading is strict:
 * whatever a caller may have meant otherwise is refused, with every fault at once. A payload is never read, only cut out
 * and put back byte for byte (I11).
 */
@NullMarked
package dev.pulse.json;

import org.jspecify.annotations.NullMarked;
