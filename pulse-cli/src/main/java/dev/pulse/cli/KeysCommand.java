package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.KeyJson;
import dev.pulse.json.Rfc3339;
import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.Durations;
import dev.pulse.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands about API keys. */
@Command(
        name = "keys",
        description = "Make, list and revoke the API keys that programs sign in with.",
        synopsisSubcommandLabel = "COMMAND")
final class KeysCommand {
    private KeysCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new Create(shell))
                .addSubcommand(new ListKeys(shell))
                .addSubcommand(new Revoke(shell));
    }

    /** Prints the key, and nothing else. */
    @Command(
            name = "create",
            description = {
                "Make an API key and print it, this once: nobody keeps it.",
                "Programs bring it as PULSE_API_KEY."
            })
    static final class Create implements Callable<Integer> {
        private final Shell shell;

        @Spec
        private CommandSpec spec;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Parameters(arity = "0..1", paramLabel = "NAME", description = "For people; default the key's id.")
        private @Nullable String name;

        @Option(
                names = "--role",
                required = true,
                split = "[,+]",
                paramLabel = "ROLE",
                description = "admin, operator, producer, worker or viewer; more than one may be given.")
        private List<String> roles = new ArrayList<>();

        @Option(
                names = "--queue",
                split = ",",
                paramLabel = "QUEUE",
                description = "Only in this queue; * at its end stands for any ending. More than one may be given.")
        private List<String> queues = new ArrayList<>();

        @Option(names = "--expires", paramLabel = "WHEN", description = "After that long (90d), or then (RFC 3339).")
        private @Nullable String expires;

        @SuppressWarnings("NullAway.Init") // picocli sets the specification
        Create(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            ApiKeyOrder order = order();
            try (PulseClient client = remote.connect(shell)) {
                CreatedKey created = client.createKey(order);
                if (json.wanted()) {
                    Json.print(shell.out(), KeyJson.created(created));
                } else {
                    shell.out().println(created.key());
                }
                return Exit.OK;
            }
        }

        private ApiKeyOrder order() {
            Instant at = null;
            Duration in = null;
            if (expires != null) {
                try {
                    if (expires.contains(":")) {
                        at = Rfc3339.parse(expires);
                    } else {
                        in = Durations.parse(expires);
                    }
                } catch (IllegalArgumentException e) {
                    throw new CommandLine.ParameterException(spec.commandLine(), "--expires: " + e.getMessage());
                }
            }
            return new ApiKeyOrder(name, ApiKeyOrder.rights(roles, queues), at, in);
        }
    }

    /** One page, newest first. */
    @Command(name = "list", description = "List API keys, newest first, with those that have ended.")
    static final class ListKeys implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
        private int limit;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
        private @Nullable String cursor;

        ListKeys(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                ApiKeyPage page = client.keys(limit, cursor);
                if (json.wanted()) {
                    Json.print(shell.out(), KeyJson.page(page));
                } else {
                    print(page);
                }
                return Exit.OK;
            }
        }

        private void print(ApiKeyPage page) {
            Instant now = shell.clock().instant();
            Table table = new Table("ID", "NAME", "ROLES", "QUEUES", "STATE", "CREATED", "BY", "EXPIRES", "USED");
            for (ApiKey key : page.items()) {
                table.row(
                        key.id(),
                        key.name(),
                        key.rights().roles().stream().map(Role::wireName).collect(Collectors.joining("+")),
                        String.join(" ", key.rights().queues().patterns()),
                        state(key, now),
                        key.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        key.createdBy(),
                        key.expiresAt() == null ? "never" : key.expiresAt().truncatedTo(ChronoUnit.SECONDS),
                        key.lastUsedAt() == null ? "never" : key.lastUsedAt().truncatedTo(ChronoUnit.SECONDS));
            }
            table.print(shell);
            if (page.nextCursor() != null) {
                shell.out().flush();
                shell.err().println("pulse: more with --cursor " + page.nextCursor());
            }
        }

        private static String state(ApiKey key, Instant now) {
            if (key.revokedAt() != null) {
                return "revoked";
            }
            return key.expiresAt() != null && !key.expiresAt().isAfter(now) ? "expired" : "active";
        }
    }

    /** Ends one. */
    @Command(name = "revoke", description = "Revoke an API key: every server refuses it within seconds.")
    static final class Revoke implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private Remote remote = new Remote();

        @Mixin
        private Json json = new Json();

        @Parameters(paramLabel = "ID", description = "The part between the key's two underscores.")
        private String id = "";

        Revoke(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            try (PulseClient client = remote.connect(shell)) {
                ApiKey key = client.revokeKey(id);
                if (json.wanted()) {
                    Json.print(shell.out(), KeyJson.key(key));
                } else {
                    shell.out().println("revoked " + key.id() + " (" + key.name() + ")");
                }
                return Exit.OK;
            }
        }
    }
}
