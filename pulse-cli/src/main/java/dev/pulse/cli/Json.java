package dev.pulse.cli;

import java.io.PrintStream;
import picocli.CommandLine.Option;

/** The switch that every reading command has: one JSON document in the shapes of the REST API. */
final class Json {
    @Option(names = "--json", description = "Print one JSON document in the shape of the REST API.")
    private boolean json;

    boolean wanted() {
        return json;
    }

    static void print(PrintStream out, byte[] document) {
        out.write(document, 0, document.length);
        out.println();
    }
}
