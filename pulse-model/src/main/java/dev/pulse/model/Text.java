package dev.pulse.model;

/** What a text may hold and how a message shows it. */
final class Text {
    private static final int SHOWN = 64;

    private Text() {}

    /** Whether PostgreSQL and UTF-8 can hold it: neither U+0000 nor lone surrogates. */
    static boolean isStorable(String text) {
        return text.codePoints().allMatch(Text::isStorable);
    }

    /** Whether each character can be seen: no space, no control, nothing that only directs the others. */
    static boolean isVisible(String text) {
        return text.codePoints().noneMatch(c -> isHidden(c) || Character.isSpaceChar(c));
    }

    /** What is wrong with a type, queue or label name; callers have found that it is not one. */
    static String nameFault(String value) {
        if (value.isEmpty()) {
            return "must not be empty";
        }
        if (value.length() > Limits.MAX_NAME) {
            return value.length() + " characters, at most " + Limits.MAX_NAME;
        }
        int at = 0;
        while (Limits.NAME.matcher(value.substring(at, at + 1)).matches()) {
            at++;
        }
        return "only A-Z a-z 0-9 . _ : - are allowed, got U+%04X at position %d"
                .formatted(value.codePointAt(at), at + 1);
    }

    /** The value as a message may show it: cut, quoted, with escapes for what would not be seen or misleads. */
    static String shown(String value) {
        StringBuilder shown = new StringBuilder("\"");
        int end = 0;
        for (int n = 0; n < SHOWN && end < value.length(); n++) {
            int c = value.codePointAt(end);
            if (isHidden(c)) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
            end += Character.charCount(c);
        }
        return shown.append(end < value.length() ? "…\"" : "\"").toString();
    }

    /**
     * PostgreSQL text holds no U+0000, UTF-8 no lone surrogate, and a terminal obeys control characters: each becomes
     * U+FFFD, but for tabs and line ends. What is cut is counted.
     */
    static String cleaned(String text, int max) {
        int end = Math.min(text.length(), max);
        StringBuilder cleaned = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                cleaned.append(c).append(text.charAt(++i));
            } else {
                cleaned.append(isUnfit(c) ? '\uFFFD' : c);
            }
        }
        if (text.length() > max) {
            String note = " … (" + text.length() + " characters)";
            cleaned.setLength(Math.min(cleaned.length(), max - note.length()));
            if (!cleaned.isEmpty() && Character.isHighSurrogate(cleaned.charAt(cleaned.length() - 1))) {
                cleaned.setLength(cleaned.length() - 1);
            }
            cleaned.append(note);
        }
        return cleaned.toString();
    }

    private static boolean isUnfit(char c) {
        return Character.isSurrogate(c) || (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r');
    }

    private static boolean isHidden(int c) {
        return Character.isISOControl(c) || !isStorable(c) || Character.getType(c) == Character.FORMAT;
    }

    private static boolean isStorable(int c) {
        return c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }
}
