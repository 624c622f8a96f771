package dev.pulse.access;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a caller brings to be known by, read from {@code authorization}. Shows no secret. */
sealed interface Credentials {
    /** No header at all. */
    record Absent() implements Credentials {}

    /** More than one header, or none of the forms that there are. */
    record Malformed() implements Credentials {}

    /** A user's name and password. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Password(String name, byte[] secret) implements Credentials {
        @Override
        public String toString() {
            return "Password[" + name + ", ***]";
        }
    }

    /** An API key. */
    record Key(String id, String secret) implements Credentials {
        @Override
        public String toString() {
            return "Key[" + id + ", ***]";
        }
    }

    Credentials ABSENT = new Absent();
    Credentials MALFORMED = new Malformed();

    /** Longer than any right one: a name of 64, a colon and a secret of 1,024 bytes, in base64. */
    int MAX_HEADER = 2_048;

    /** Of any length, so that what a key looks like may change. */
    Pattern KEY = Pattern.compile(ApiKeys.PREFIX + "([A-Za-z0-9]{1,64})_([A-Za-z0-9]{1,256})");

    /** Reads the headers of that name as they came. */
    static Credentials read(List<String> authorization) {
        if (authorization.isEmpty()) {
            return ABSENT;
        }
        String header = authorization.getFirst();
        int blank = header.indexOf(' ');
        if (authorization.size() > 1 || header.length() > MAX_HEADER || blank < 0) {
            return MALFORMED;
        }
        String value = header.substring(blank + 1).strip();
        return switch (header.substring(0, blank).toLowerCase(Locale.ROOT)) {
            case "basic" -> basic(value);
            case "bearer" -> bearer(value);
            default -> MALFORMED;
        };
    }

    private static Credentials bearer(String value) {
        Matcher key = KEY.matcher(value);
        return key.matches() ? new Key(key.group(1), key.group(2)) : MALFORMED;
    }

    private static Credentials basic(String value) {
        try {
            byte[] pair = Base64.getDecoder().decode(value);
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(pair));
            int colon = text.toString().indexOf(':');
            if (colon < 1 || text.chars().anyMatch(Character::isISOControl)) {
                return MALFORMED;
            }
            String name = text.subSequence(0, colon).toString();
            int secretAt = name.getBytes(StandardCharsets.UTF_8).length + 1;
            return new Password(name, Arrays.copyOfRange(pair, secretAt, pair.length));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return MALFORMED;
        }
    }
}
