package dev.pulse.model;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of {@code docs/} that are made from the model, so that nobody has to keep the two in step. */
final class GeneratedPages {
    private static final Path SOURCES = Path.of("src/main/java/dev/pulse/model");

    private static final Pattern DOCUMENTED_CONSTANT =
            Pattern.compile("^ {4}/\\*\\* ([^\n]*) \\*/\n {4}([A-Z_]+)[,;(]", Pattern.MULTILINE);

    private GeneratedPages() {}

    /** Each page by its file name. */
    static Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("job-states.md", jobStates());
        pages.put("errors.md", errors());
        return pages;
    }

    private static String jobStates() {
        return """
                # The states of a job

                <!-- Generated from JobStatus and Transition by ./dev docs; do not edit. -->

                Every legal move of a job is a row of the enum `Transition`. A move that is not here is refused with the
                job's status in the error.

                ```mermaid
                stateDiagram-v2
                %s```

                | status | what it means | final | has a `run_at` |
                |---|---|---|---|
                %s
                | move | from | to | by | statement | what it means |
                |---|---|---|---|---|---|
                %s""".formatted(arrows(), statusRows(), moveRows());
    }

    private static String arrows() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Transition move : Transition.values()) {
            Collection<String> from = move.from().isEmpty() ? Set.of("[*]") : names(move.from());
            for (String start : from) {
                for (String end : names(move.to())) {
                    labels.merge("    " + start + " --> " + end, word(move), (one, more) -> one + ", " + more);
                }
            }
        }
        return labels.entrySet().stream()
                .map(arrow -> arrow.getKey() + ": " + arrow.getValue() + "\n")
                .collect(joining());
    }

    private static String statusRows() {
        Map<String, String> meanings = meanings("JobStatus.java");
        return Arrays.stream(JobStatus.values())
                .map(status -> row(
                        "`" + status.wireName() + "`",
                        meaning(meanings, status),
                        status.isFinal() ? "yes" : "",
                        status.isDue() ? "yes" : ""))
                .collect(joining());
    }

    private static String moveRows() {
        Map<String, String> meanings = meanings("Transition.java");
        return Arrays.stream(Transition.values())
                .map(move -> row(
                        word(move),
                        move.from().isEmpty() ? "–" : String.join(", ", names(move.from())),
                        String.join(", ", names(move.to())),
                        move.actors().stream().map(GeneratedPages::word).collect(joining(", ")),
                        "`" + move.statement() + "`",
                        meaning(meanings, move)))
                .collect(joining());
    }

    private static String errors() {
        return """
                # Error codes

                <!-- Generated from ErrorCode by ./dev docs; do not edit. -->

                Each refusal carries a code that never changes its meaning: `code` in the problem of a REST answer, the
                reason of the `google.rpc.ErrorInfo` of a gRPC status, the line that the CLI prints. *Again* says whether
                the very same request may succeed when it is sent again.

                ## The caller has to act

                %s
                ## Something is short or away

                %s
                ## A defect

                %s""".formatted(
                        errorTable(ErrorCode.Kind.CALLER),
                        errorTable(ErrorCode.Kind.RESOURCE),
                        errorTable(ErrorCode.Kind.INTERNAL));
    }

    private static String errorTable(ErrorCode.Kind kind) {
        String head = row("code", "name", "HTTP", "gRPC", "again", "what it says", "what to do")
                + "|---|---|---|---|---|---|---|\n";
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.kind() == kind)
                .map(code -> row(
                        "`" + code.wireName() + "`",
                        code.name(),
                        Integer.toString(code.httpStatus()),
                        code.grpcStatus(),
                        code.retryable() ? "yes" : "no",
                        code.title(),
                        code.remedy()))
                .collect(joining("", head, ""));
    }

    /** The one-line comment of each constant: the meaning is written once, where the constant is. */
    private static Map<String, String> meanings(String source) {
        Map<String, String> meanings = new LinkedHashMap<>();
        try {
            Matcher constant = DOCUMENTED_CONSTANT.matcher(Files.readString(SOURCES.resolve(source)));
            while (constant.find()) {
                meanings.put(constant.group(2), constant.group(1).replaceAll("\\{@code ([^}]*)}", "`$1`"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return meanings;
    }

    private static String meaning(Map<String, String> meanings, Enum<?> constant) {
        String meaning = meanings.get(constant.name());
        if (meaning == null) {
            throw new AssertionError(constant + " needs a one-line comment that says what it means");
        }
        return meaning;
    }

    private static Collection<String> names(Set<JobStatus> statuses) {
        return statuses.stream().map(JobStatus::wireName).toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
