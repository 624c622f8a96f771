package dev.pulse.cli;

import dev.pulse.server.Rehearsal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The run that the launcher archives the classes of: the calls that people wait for, each once and without an error. Its exit
 * code says whether they went as they should, because an archive of a failed run would be of little use.
 */
final class Training {
    private static final List<List<String>> CALLS = List.of(
            List.of("jobs", "get", Rehearsal.JOB),
            List.of("jobs", "get", Rehearsal.JOB, "--json"),
            List.of("jobs", "list"),
            List.of("stats"));

    private Training() {}

    public static void main(String[] arguments) throws IOException {
        Main.startQuick();
        Shell shell = new Shell(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                System.err,
                Map.of(),
                InstantSource.system(),
                Terminal.NONE);
        System.exit(run(shell));
    }

    static int run(Shell shell) throws IOException {
        shell.out().println(Version.line());
        int worst = Exit.OK;
        try (Rehearsal server = Rehearsal.start()) {
            for (List<String> call : CALLS) {
                String[] words = new String[call.size() + 2];
                call.toArray(words);
                words[call.size()] = "--addr";
                words[call.size() + 1] = server.address();
                worst = Math.max(worst, CommandTree.run(shell, words));
            }
        }
        return worst;
    }
}
