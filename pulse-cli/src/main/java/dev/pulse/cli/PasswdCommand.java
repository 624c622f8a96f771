package dev.pulse.cli;

import dev.pulse.access.PasswordHash;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hashes a password for {@code PULSE_AUTH_USERS}. Talks to no server. */
@Command(
        name = "passwd",
        description = {
            "Print the bcrypt hash of a password, for PULSE_AUTH_USERS.",
            "Without PASSWORD it is asked for, or read from standard input: what stands on a command line can be read by"
                    + " every user of this machine."
        })
final class PasswdCommand implements Callable<Integer> {
    /** Far more than bcrypt reads. */
    private static final int MAX_READ = 4_096;

    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PASSWORD", description = "At most 72 bytes.")
    private @Nullable String password;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    PasswdCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        try {
            shell.out().println(PasswordHash.of(password == null ? read() : password, new SecureRandom()));
            return Exit.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private String read() throws IOException {
        Console console = shell.in() instanceof FileInputStream ? System.console() : null;
        return console == null ? line(shell.in()) : asked(console);
    }

    private static String asked(Console console) {
        char[] first = typed(console, "Password: ");
        char[] second = typed(console, "Again: ");
        if (!Arrays.equals(first, second)) {
            throw new IllegalArgumentException("the two passwords differ");
        }
        return new String(first);
    }

    private static char[] typed(Console console, String prompt) {
        char[] typed = console.readPassword(prompt);
        return typed == null ? new char[0] : typed;
    }

    /** The first line, without its end. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_READ; b = in.read()) {
            line.write(b);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the password is not UTF-8");
        }
    }
}
