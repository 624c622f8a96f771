package dev.pulse.json;

/** Text of a caller as a message may repeat it: cut, with escapes for what would not be seen or misleads. */
final class Shown {
    private static final int MAX = 64;

    private Shown() {}

    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX).forEach(c -> {
            if (Character.isISOControl(c) || isSurrogate(c) || Character.getType(c) == Character.FORMAT) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > MAX ? shown.append('…').toString() : shown.toString();
    }

    /** The text with every lone surrogate, which UTF-8 cannot hold, replaced. */
    static String encodable(String text) {
        if (text.codePoints().noneMatch(Shown::isSurrogate)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isSurrogate(c) ? 0xfffd : c));
        return clean.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
