/** Certificates and keys from PEM files, and the managers that take new ones while connections are open. */
@NullMarked
package dev.pulse.tls;

import org.jspecify.annotations.NullMarked;
