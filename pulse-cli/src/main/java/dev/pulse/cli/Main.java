package dev.pulse.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** The entry of {@code ./pulse}: gives the command line its streams, its environment and its clock. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Shell shell = new Shell(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.getenv(),
                InstantSource.system());
        int exit = CommandTree.run(shell, arguments);
        shell.out().flush();
        shell.err().flush();
        // Not a return: threads of the client library would keep the process alive.
        System.exit(exit);
    }

    /** UTF-8 whatever the locale says: what we print is read by programs. A closed pipe raises no exception here. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }
}
