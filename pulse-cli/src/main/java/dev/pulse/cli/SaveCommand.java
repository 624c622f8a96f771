package dev.pulse.cli;

import dev.pulse.client.ServerAddress;
import dev.pulse.sdk.Credentials;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that keeps something for the next ones. */
@Command(name = "save", description = "Save where the server is and who you are.", synopsisSubcommandLabel = "COMMAND")
final class SaveCommand {
    private SaveCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new SaveCommand()).addSubcommand(new Creds(shell));
    }

    /** Address and credentials. */
    @Command(
            name = "creds",
            description = {
                "Save the server's address and your credentials, in a file that only you can read.",
                "The secret is asked for, or read from standard input. It is sent to this server only.",
                "What was saved before is replaced."
            })
    static final class Creds implements Callable<Integer> {
        private final Shell shell;

        @Spec
        private CommandSpec spec;

        @Option(
                names = {"--url", "--addr"},
                paramLabel = "HOST:PORT",
                description = "gRPC address of the server; default " + Remote.DEFAULT + ".")
        private @Nullable String url;

        @Option(
                names = {"--username", "--user"},
                paramLabel = "NAME",
                description = "Your name on the server.")
        private @Nullable String user;

        @Option(
                names = "--password",
                arity = "0..1",
                fallbackValue = "",
                paramLabel = "SECRET",
                description =
                        "Your password. Without SECRET, and without this flag, it is asked for: other users of this"
                                + " machine can read what is on a command line.")
        private @Nullable String password;

        @Option(names = "--api-key", description = "The secret is an API key; it needs no name.")
        private boolean apiKey;

        @Option(names = "--tls", description = "Speak TLS with the server.")
        private boolean tls;

        @SuppressWarnings("NullAway.Init") // picocli sets the specification
        Creds(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws IOException {
            if (apiKey == (user != null)) {
                throw usage(apiKey ? "An API key has no user: give one of the two" : "Give --username, or --api-key");
            }
            if (url != null) {
                ServerAddress.parse(url);
            }
            String secret = secret();
            check(secret);
            SavedConfig next = new SavedConfig(url, tls, user, apiKey ? null : secret, apiKey ? secret : null);
            next.write(shell);
            shell.out().println("saved to " + SavedConfig.file(shell));
            return Exit.OK;
        }

        private String secret() throws IOException {
            if (password != null && !password.isEmpty()) {
                shell.err()
                        .println(
                                "pulse: a password on the command line can be read by every user of this machine; leave"
                                        + " it out, and it is asked for");
                return password;
            }
            try {
                return Secrets.read(shell, apiKey ? "API key" : "Password", false);
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }

        /** What no server can take is told now, not at the next command. */
        private void check(String secret) {
            try {
                if (apiKey) {
                    Credentials.apiKey(secret);
                } else {
                    Credentials.password(String.valueOf(user), secret);
                }
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }

        private ParameterException usage(String message) {
            return new ParameterException(spec.commandLine(), message);
        }
    }
}
