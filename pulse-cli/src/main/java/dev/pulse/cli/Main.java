package dev.pulse.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;

/** The entry of {@code ./pulse}: gives the command line its streams, its environment and its clock. */
public final class Main {
    private Main() {}

    /** Commands that tell what they do while they do it. */
    private static final Set<String> LOGGING = Set.of("dev", "server", "migrate", "work", "bench");

    private static final String LOG_FORMAT = "PULSE_LOG_FORMAT";
    private static final Set<String> LOG_FORMATS = Set.of("text", "json");

    public static void main(String[] arguments) {
        String command = arguments.length == 0 ? "" : arguments[0];
        if (!LOGGING.contains(command) && System.getenv("PULSE_LOG_LEVEL") == null) {
            startQuick();
        }
        Terminal terminal = Terminal.of(
                System.getProperty("pulse.terminal", ""),
                System.getProperty("pulse.terminal.size", ""),
                Boolean.getBoolean("pulse.ascii"),
                System.getenv());
        Shell shell = new Shell(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out, terminal.unicode()),
                stream(FileDescriptor.err, true),
                System.getenv(),
                InstantSource.system(),
                terminal);
        int exit = run(shell, arguments);
        shell.out().flush();
        shell.err().flush();
        // Not a return: threads of the client library would keep the process alive.
        System.exit(exit);
    }

    /** The other commands are over before a logging library and the flight recorder's events would be set up. */
    static void startQuick() {
        System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("io.grpc.netty.shaded.io.netty.jfr.enabled", "false");
    }

    /** The version needs no parser; everything else does. */
    static int run(Shell shell, String... arguments) {
        String format = shell.variable(LOG_FORMAT, "text");
        if (!LOG_FORMATS.contains(format)) {
            // The logging library would take it for a reason to say nothing at all.
            shell.err().println("pulse: " + LOG_FORMAT + ": text or json is expected, got \"" + format + "\"");
            return Exit.USAGE;
        }
        if (arguments.length == 1 && arguments[0].equals("version")) {
            shell.out().println(Version.line());
            return Exit.OK;
        }
        return CommandTree.run(shell, arguments);
    }

    /**
     * UTF-8 whatever the locale says, because what we print is read by programs; ASCII where a person's terminal shows no
     * more. A closed pipe raises no exception here.
     */
    private static PrintStream stream(FileDescriptor descriptor, boolean unicode) {
        return new PrintStream(
                new FileOutputStream(descriptor), false, unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII);
    }
}
