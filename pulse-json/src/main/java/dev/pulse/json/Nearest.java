package dev.pulse.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Helps somebody who mistyped a name. */
public final class Nearest {
    private static final int MAX_COMPARED = 64;

    private Nearest() {}

    /** The end of a message about an unknown name: the nearest known one, or all of them where none is near. */
    public static String hint(String unknown, Collection<String> known) {
        if (known.isEmpty()) {
            return "none is allowed here";
        }
        String wanted = cut(unknown.toLowerCase(Locale.ROOT));
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wanted, cut(name.toLowerCase(Locale.ROOT))))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> distance(wanted, cut(name.toLowerCase(Locale.ROOT))) <= Math.max(2, name.length() / 2))
                .map(name -> "did you mean " + name + "?")
                .orElseGet(() ->
                        "known are " + String.join(", ", known.stream().sorted().toList()));
    }

    private static String cut(String name) {
        return name.length() > MAX_COMPARED ? name.substring(0, MAX_COMPARED) : name;
    }

    /** Letters to add, remove, change or swap with their neighbour. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
