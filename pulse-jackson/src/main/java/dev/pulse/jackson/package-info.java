/** Payloads and results as JSON by Jackson 3. */
@NullMarked
package dev.pulse.jackson;

import org.jspecify.annotations.NullMarked;
