package dev.pulse.server;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Turns the address of a database, as people write it, into what the driver reads. No message repeats the password. */
final class DatabaseUrl {
    private static final String JDBC = "jdbc:postgresql:";
    /** Parameters that libpq and the driver call differently. */
    private static final Map<String, String> PARAMETERS =
            Map.of("application_name", "ApplicationName", "connect_timeout", "connectTimeout");

    private DatabaseUrl() {}

    /** The JDBC form of {@code postgres://user:password@host:port/database?…} or of a JDBC address. */
    static String toJdbc(String text) {
        if (text.startsWith(JDBC)) {
            return text;
        }
        int scheme = text.startsWith("postgres://") || text.startsWith("postgresql://") ? text.indexOf("://") : -1;
        if (scheme < 0) {
            throw new IllegalArgumentException(
                    "postgres://user:password@host:5432/database or jdbc:postgresql://… is expected");
        }
        String rest = text.substring(scheme + 3);
        int query = rest.indexOf('?');
        String parameters = query < 0 ? "" : rest.substring(query + 1);
        String place = query < 0 ? rest : rest.substring(0, query);
        // The last one: a password may hold what should have been escaped.
        int at = place.lastIndexOf('@');
        String hosts = place.substring(at + 1);
        int slash = hosts.indexOf('/');
        if (slash < 0 || slash == hosts.length() - 1) {
            throw new IllegalArgumentException("the address names no database: …/DATABASE is missing at its end");
        }
        String host = hosts.substring(0, slash).isEmpty() ? "localhost" : hosts.substring(0, slash);
        StringBuilder jdbc = new StringBuilder(JDBC + "//" + host + hosts.substring(slash));
        appendUser(jdbc, at < 0 ? "" : place.substring(0, at));
        appendParameters(jdbc, parameters);
        return jdbc.toString();
    }

    private static void appendUser(StringBuilder jdbc, String userInfo) {
        if (userInfo.isEmpty()) {
            return;
        }
        int colon = userInfo.indexOf(':');
        append(jdbc, "user", recoded(colon < 0 ? userInfo : userInfo.substring(0, colon)));
        if (colon >= 0) {
            append(jdbc, "password", recoded(userInfo.substring(colon + 1)));
        }
    }

    private static void appendParameters(StringBuilder jdbc, String parameters) {
        for (String parameter : parameters.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String name = parameter.substring(0, equals);
                append(jdbc, PARAMETERS.getOrDefault(name, name), parameter.substring(equals + 1));
            }
        }
    }

    private static void append(StringBuilder jdbc, String name, String value) {
        jdbc.append(jdbc.indexOf("?") < 0 ? '?' : '&').append(name).append('=').append(value);
    }

    /** From the escapes of an address to those of a query, where a plus would mean a blank. */
    private static String recoded(String text) {
        String plain;
        try {
            plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("user and password: a percent sign is written %25", e);
        }
        return URLEncoder.encode(plain, StandardCharsets.UTF_8);
    }
}
