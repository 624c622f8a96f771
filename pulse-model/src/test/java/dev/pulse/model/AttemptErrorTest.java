package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error text never makes a report fail: B11 and B108 of the catalogue of bad input. */
class AttemptErrorTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            plain,                  plain
            'tab\\tline\\nend\\r\\n', 'tab\\tline\\nend\\r\\n'
            nul\\u0000byte,         nul�byte
            \\u001B[31mred\\u001B[0m, �[31mred�[0m
            c1\\u009B31m,           c1�31m
            bell\\u0007,            bell�
            lone\\uD800,            lone�
            \\uDC00lone,            �lone
            twice\\uD800\\uD800x,   twice��x
            grüße 😀,               grüße 😀
            '',                     ''
            """)
    void whatTextCannotHoldOrATerminalObeysIsReplaced(String escaped, String cleaned) {
        assertThat(AttemptError.of("t", unescape(escaped)).message()).isEqualTo(unescape(cleaned));
    }

    @Test
    void longTextIsCutAndItsLengthTold() {
        AttemptError error = new AttemptError("t".repeat(300), "m".repeat(10_000_000), "s".repeat(20_000));

        assertThat(error.type()).hasSize(256).endsWith("t … (300 characters)");
        assertThat(error.message()).hasSize(4_096).endsWith("m … (10000000 characters)");
        assertThat(error.stack()).hasSize(16_384).endsWith("s … (20000 characters)");
    }

    @Test
    void textAtTheBoundIsKeptWhole() {
        String longest = "m".repeat(AttemptError.MAX_MESSAGE);
        assertThat(AttemptError.of("t", longest).message()).isEqualTo(longest);
    }

    @Test
    void cutNeverSplitsACharacter() {
        for (int shift = 0; shift < 8; shift++) {
            String message =
                    AttemptError.of("t", "x".repeat(shift) + "😀".repeat(5_000)).message();
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
            assertThat(message).hasSizeLessThanOrEqualTo(4_096).doesNotContain("\uFFFD");
        }
    }

    @Test
    void anyCharsBecomeStorableText() {
        Random dice = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder chars = new StringBuilder();
            int length = dice.nextInt(6_000);
            for (int at = 0; at < length; at++) {
                chars.append((char) (dice.nextBoolean() ? dice.nextInt(0x80) : 0xd700 + dice.nextInt(0xa00)));
            }
            String message = AttemptError.of("t", chars.toString()).message();
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
            assertThat(message).hasSizeLessThanOrEqualTo(4_096).doesNotContain("\0");
        }
    }

    @Test
    void cleaningTwiceChangesNothing() {
        AttemptError once = new AttemptError("t".repeat(999), "\0".repeat(9_999), "s\ud800".repeat(9_999));
        assertThat(new AttemptError(once.type(), once.message(), once.stack())).isEqualTo(once);
    }

    @Test
    void exceptionIsToldWithItsCauses() {
        AttemptError error = AttemptError.of(new IllegalStateException("no mail", new RuntimeException("no network")));

        assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("no mail");
        assertThat(error.stack())
                .startsWith("java.lang.IllegalStateException: no mail\n\tat dev.pulse.model.AttemptErrorTest.")
                .contains("\nCaused by: java.lang.RuntimeException: no network\n\tat ");
    }

    @Test
    void exceptionWithoutAMessageHasAnEmptyOne() {
        assertThat(AttemptError.of(new NullPointerException()).message()).isEmpty();
    }

    @Test
    void causesInACircleAreToldOnce() {
        RuntimeException first = new RuntimeException("first");
        RuntimeException second = new RuntimeException("second", first);
        first.initCause(second);

        assertThat(AttemptError.of(first).stack()).containsOnlyOnce(": first\n").containsOnlyOnce(": second\n");
    }

    @Test
    void tenThousandCausesAreCut() {
        Throwable deep = new RuntimeException("root");
        for (int i = 0; i < 10_000; i++) {
            deep = new RuntimeException("cause " + i, deep);
        }
        assertThat(AttemptError.of(deep).stack()).hasSizeLessThanOrEqualTo(AttemptError.MAX_STACK);
    }

    @Test
    void messageOfFiftyMegabytesIsCut() {
        AttemptError error = AttemptError.of(new RuntimeException("m".repeat(50_000_000)));

        assertThat(error.message()).hasSize(4_096).endsWith("(50000000 characters)");
        assertThat(error.stack()).contains("\tat dev.pulse.model.AttemptErrorTest.");
    }

    @Test
    void deepStackIsCut() {
        StackTraceElement[] frames = new StackTraceElement[100_000];
        Arrays.fill(frames, new StackTraceElement("Some", "method", "Some.java", 1));
        RuntimeException deep = new RuntimeException("deep", new RuntimeException("root"));
        deep.setStackTrace(frames);

        assertThat(AttemptError.of(deep).stack())
                .hasSizeLessThanOrEqualTo(AttemptError.MAX_STACK)
                .contains("Caused by: java.lang.RuntimeException: root");
    }

    @Test
    void exceptionWhoseOwnMethodsThrowIsToldAllTheSame() {
        AttemptError error = AttemptError.of(new Hostile());

        assertThat(error.type()).isEqualTo(Hostile.class.getName());
        assertThat(error.message()).isEqualTo("(its getMessage threw java.lang.UnsupportedOperationException)");
        assertThat(error.stack()).startsWith(Hostile.class.getName() + ": (its getMessage threw ");
    }

    /** CSV carries no control characters. */
    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (text.charAt(i) == '\\') {
                out.append(("" + '\\' + text.charAt(++i)).translateEscapes());
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new StackOverflowError();
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void printStackTrace(PrintStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new UnsupportedOperationException();
        }
    }
}
