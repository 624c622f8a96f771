package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps foreign web pages out. A browser lets any page send requests to this machine, and marks those that came from
 * elsewhere; it also lets a page bring a name of its own that points here, which shows in the Host.
 */
final class SiteGuard {
    private static final Pattern LITERAL = Pattern.compile("\\[[0-9a-f:.%]+]|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    private final boolean loopbackOnly;

    SiteGuard(boolean loopbackOnly) {
        this.loopbackOnly = loopbackOnly;
    }

    void check(String host, Optional<String> fetchSite, Optional<String> origin) {
        if (fetchSite.filter(site -> site.equals("cross-site")).isPresent()) {
            throw crossSite("a browser sent this request for another site");
        }
        if (origin.isPresent() && !authority(origin.get()).equals(host.toLowerCase(Locale.ROOT))) {
            throw crossSite("a browser sent this request for another origin");
        }
        if (loopbackOnly && !isLocal(host)) {
            throw new PulseException(
                    ErrorCode.MALFORMED_REQUEST,
                    "this server listens on loopback and answers to localhost and to addresses only");
        }
    }

    private static PulseException crossSite(String what) {
        return new PulseException(ErrorCode.CROSS_SITE, what);
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{0,5}$", "");
        return name.isEmpty()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || LITERAL.matcher(name).matches();
    }
}
