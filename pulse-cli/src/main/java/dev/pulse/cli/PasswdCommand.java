package dev.pulse.cli;

import dev.pulse.access.PasswordHash;
import java.io.IOException;
import java.security.SecureRandom;
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
            shell.out()
                    .println(PasswordHash.of(
                            password == null ? Secrets.read(shell, "Password", true) : password, new SecureRandom()));
            return Exit.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
