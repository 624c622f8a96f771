package dev.pulse.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the eye sees first: short methods, no notes to oneself; and tests that run, each time and all of them. */
class SourceTest {
    private static final int LONGEST_METHOD = 60;

    /** Longer all the same, and why; a line that is not needed any more is red too. */
    private static final Map<String, String> LONGER = Map.of(
            "pulse-engine/src/main/java/dev/pulse/engine/Roles.java <init>",
            "wires the roles of a server: a list of what is handed to whom, with nothing to decide");

    private static final Pattern NOTE_TO_ONESELF = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");

    private static final Pattern WAY_AROUND_A_TEST = Pattern.compile(
            "@(?:[\\w.]+\\.)?(Disabled|Enabled|Ignore)\\w*|\\b(assumeTrue|assumeFalse|assumeThat|assumingThat|assumeThatCode)\\(");

    private static final Pattern SLEEP = Pattern.compile("\\b(Thread|TimeUnit\\.[A-Z]+)\\.sleep\\(");

    @Test
    void methodHasSixtyLinesAtMost() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : House.sources()) {
            longMethods(House.read(file)).forEach(method -> tooLong.add(House.name(file) + " " + method));
        }
        assertThat(tooLong).as("cut it where the reader would take a breath").hasSameElementsAs(LONGER.keySet());
    }

    @Test
    void longMethodIsFound() throws IOException {
        String body = "        int a;\n".repeat(60);
        assertThat(longMethods("class A {\n    void fits() {\n" + body + "    }\n}\n"))
                .isEmpty();
        assertThat(longMethods("class A {\n    void grew() {\n" + body + "        int b;\n    }\n}\n"))
                .containsExactly("grew");
    }

    @Test
    void sourcesHoldNoNotesToOneself() {
        assertThat(Stream.concat(House.sources().stream(), House.testSources().stream())
                        .filter(file ->
                                NOTE_TO_ONESELF.matcher(House.read(file)).find())
                        .map(House::name))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"// T" + "ODO later", "/* F" + "IXME */"})
    void noteToOneselfIsFound(String source) {
        assertThat(NOTE_TO_ONESELF.matcher(source).find()).isTrue();
    }

    @Test
    void noTestIsSkipped() {
        assertThat(testsWith(WAY_AROUND_A_TEST)).isEmpty();
    }

    @Test
    void noTestWaitsForTheClock() {
        assertThat(testsWith(SLEEP)).as("wait for the event").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@Disa" + "bled", "@Disa" + "bledOnOs(OS.MAC)", "@Enab" + "ledIf(", "assume" + "True(x)"})
    void wayAroundATestIsFound(String source) {
        assertThat(WAY_AROUND_A_TEST.matcher(source).find()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thread.sl" + "eep(5)", "TimeUnit.SECONDS.sl" + "eep(1)"})
    void sleepIsFound(String source) {
        assertThat(SLEEP.matcher(source).find()).isTrue();
    }

    private static List<String> testsWith(Pattern pattern) {
        return House.testSources().stream()
                .filter(file -> pattern.matcher(House.read(file)).find())
                .map(House::name)
                .toList();
    }

    /** The methods with more than so many lines between the opening brace and the closing one. */
    private static List<String> longMethods(String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, null, null, List.of(new InMemory(source)));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void unused) {
                    if (method.getBody() != null) {
                        long from = line(positions.getStartPosition(unit, method.getBody()));
                        long to = line(positions.getEndPosition(unit, method.getBody()));
                        if (to - from - 1 > LONGEST_METHOD) {
                            found.add(method.getName().toString());
                        }
                    }
                    return super.visitMethod(method, unused);
                }

                private long line(long position) {
                    return unit.getLineMap().getLineNumber(position);
                }
            }.scan(unit, null);
        }
        return found;
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String source;

        InMemory(String source) {
            super(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
