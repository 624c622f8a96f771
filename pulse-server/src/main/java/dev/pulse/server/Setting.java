package dev.pulse.server;

import java.util.List;
import java.util.Locale;

/** Everything about a server that can be set: as a flag {@code --key}, in the environment, or in {@code pulse.properties}. */
public enum Setting {
    DATABASE_URL("database-url", "", "postgres://user:password@host:port/database or jdbc:postgresql:…"),
    DATABASE_SCHEMA("database-schema", "pulse", "where Pulse keeps its tables"),
    DATA_CONNECTIONS("data-connections", "8", "connections for submits, claims and reports"),
    QUERY_TIMEOUT("query-timeout", "30s", "longest list or count"),
    ALLOW_UNSAFE_DURABILITY(
            "allow-unsafe-durability", "false", "start on a database that does not flush commits to disk"),
    HTTP_ADDR("http-addr", "127.0.0.1:8080", "where REST listens: port or host:port, port 0 picks a free one"),
    GRPC_ADDR("grpc-addr", "127.0.0.1:50051", "where gRPC listens: port or host:port, port 0 picks a free one"),
    INSECURE_BIND("insecure-bind", "false", "listen beyond loopback without authentication and TLS"),
    PAYLOAD_LIMIT("payload-limit", "256KiB", "largest payload or result, at most 1MiB"),
    BODY_LIMIT("body-limit", "16MiB", "largest request, for batches"),
    CALLER_REQUESTS_PER_SECOND(
            "caller-requests-per-second", "50000", "most requests a second of one caller, over both doors"),
    CALLER_OPEN_CALLS("caller-open-calls", "10000", "most gRPC calls of one caller that are not answered yet"),
    CALLER_OPEN_STREAMS("caller-open-streams", "10000", "most streams of one caller: workers and readers of events"),
    DRAIN_LIMIT("drain-limit", "30s", "longest orderly stop"),
    RETENTION_COMPLETED("retention-completed", "30d", "how long completed jobs stay, at least 1h"),
    RETENTION_CANCELED("retention-canceled", "30d", "how long canceled jobs stay, at least 1h"),
    RETENTION_DEAD_LETTERED(
            "retention-dead-lettered",
            "never",
            "how long untreated dead letters stay, at least 1h; never: they go by hand"),
    RETENTION_THROUGHPUT("retention-throughput", "400d", "how long the sums of each minute stay, at least 1d"),
    RETENTION_AUDIT("retention-audit", "400d", "how long entries of the audit log stay, at least 1d"),
    DATA_DIR("data-dir", "", "where `pulse dev` keeps its database"),
    AUTH_USERS(
            "auth-users",
            "",
            "who may sign in: name:secret[:role],…, the secret plain or as pulse passwd prints it; not set: everybody"),
    AUTH_CERTIFICATES(
            "auth-certificates", "", "what the names in clients' certificates may do: name:role,…; not set: nothing"),
    TLS_CERT("tls-cert", "", "PEM file with the certificate of both doors and what leads to its authority"),
    TLS_KEY("tls-key", "", "PEM file with its private key, unencrypted"),
    TLS_CLIENT_CA("tls-client-ca", "", "PEM file with the authorities whose clients' certificates are believed");

    private final String key;
    private final String standard;
    private final String description;

    Setting(String key, String standard, String description) {
        this.key = key;
        this.standard = standard;
        this.description = description;
    }

    /** The name of the flag, without its dashes, and of the key in the file. */
    public String key() {
        return key;
    }

    /** The names in the environment; the first that is set counts. */
    public List<String> variables() {
        String own = "PULSE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
        return this == DATABASE_URL ? List.of(own, "DATABASE_URL", "DB_HOST") : List.of(own);
    }

    /** What holds where nothing is set; empty for nothing. */
    public String standard() {
        return standard;
    }

    public String description() {
        return description;
    }
}
