package dev.pulse.storepostgres;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers and tags as JSON text: flat objects of strings, written by us and read back from json and jsonb columns. Here
 * and not from a library, because an embedded store brings no JSON library into the user's application.
 */
final class StringMaps {
    private StringMaps() {}

    /** JSON text, or null for an empty map: most jobs carry none, and a null costs nothing. */
    static @Nullable String write(Map<String, String> map) {
        if (map.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("{");
        map.forEach((name, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            quote(json, name);
            json.append(':');
            quote(json, value);
        });
        return json.append('}').toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /**
     * Reads what {@link #write} wrote, also after jsonb has put it in its own form; up to the first
     * value that is no text, which only a hand can have put in (B113).
     */
    static Map<String, String> read(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        Map<String, String> map = new LinkedHashMap<>();
        Reader reader = new Reader(json);
        while (reader.skipTo('"')) {
            String name = reader.string();
            if (!reader.isAtText()) {
                return map;
            }
            map.put(name, reader.string());
        }
        return map;
    }

    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        /** Moves behind the next such character between two strings. */
        boolean skipTo(char wanted) {
            int found = json.indexOf(wanted, at);
            at = found + 1;
            return found >= 0;
        }

        /** Passes the colon behind a name, and the opening quote of a text where there is one. */
        boolean isAtText() {
            do {
                at++;
            } while (json.charAt(at) == ' ');
            return json.charAt(at++) == '"';
        }

        /** The string whose opening quote was just passed. */
        String string() {
            StringBuilder text = new StringBuilder();
            while (true) {
                char c = json.charAt(at++);
                if (c == '"') {
                    return text.toString();
                }
                text.append(c == '\\' ? escaped() : c);
            }
        }

        private char escaped() {
            char c = json.charAt(at++);
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(json, at - 4, at, 16);
                }
                default -> c;
            };
        }
    }
}
