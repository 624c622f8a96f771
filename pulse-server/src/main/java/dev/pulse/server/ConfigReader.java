package dev.pulse.server;

import dev.pulse.access.AccessConfig;
import dev.pulse.access.Certificates;
import dev.pulse.access.ThrottleConfig;
import dev.pulse.access.User;
import dev.pulse.engine.EngineConfig;
import dev.pulse.engine.RetentionConfig;
import dev.pulse.json.Nearest;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.model.Violation;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one reader of flags, environment and file. Used once, by one thread; finds all faults before it refuses. */
final class ConfigReader {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(|B|KiB|MiB)");
    private static final List<String> KEYS =
            Arrays.stream(Setting.values()).map(Setting::key).toList();

    private static final Logger LOG = LoggerFactory.getLogger(ConfigReader.class);
    private static final String NEVER = "never";

    private final List<Violation> faults = new ArrayList<>();
    private final Map<Setting, Source> found = new EnumMap<>(Setting.class);

    /** A value and the name under which the user gave it. */
    private record Source(String name, String value) {}

    ConfigReader(Map<String, String> flags, Map<String, String> environment, Path file) {
        PropertiesFile properties = PropertiesFile.read(file, faults);
        properties
                .values()
                .keySet()
                .forEach(key -> requireKnown(key, properties.places().getOrDefault(key, "")));
        flags.keySet().forEach(key -> requireKnown(key, "flags"));
        UnknownVariables.warnings(environment).forEach(LOG::warn);
        for (Setting setting : Setting.values()) {
            Source source = find(setting, flags, environment, properties);
            if (source != null) {
                found.put(setting, source);
            }
        }
    }

    private void requireKnown(String key, String place) {
        if (!KEYS.contains(key)) {
            faults.add(new Violation(place, "unknown key " + key + ", " + Nearest.hint(key, KEYS)));
        }
    }

    private static @Nullable Source find(
            Setting setting, Map<String, String> flags, Map<String, String> environment, PropertiesFile file) {
        String flag = flags.get(setting.key());
        if (flag != null) {
            return new Source("--" + setting.key(), flag.strip());
        }
        for (String variable : setting.variables()) {
            String value = environment.getOrDefault(variable, "").strip();
            if (!value.isEmpty()) {
                return new Source(variable, value);
            }
        }
        String line = file.values().get(setting.key());
        return line == null ? null : new Source(file.places().get(setting.key()) + " " + setting.key(), line);
    }

    ServerConfig read() {
        DoorConfig doors = doors();
        Limits limits = limits();
        PgConfig database = database();
        Duration drain = duration(Setting.DRAIN_LIMIT);
        Path dataDirectory = found.containsKey(Setting.DATA_DIR) ? read(Setting.DATA_DIR, Path::of, Path.of("")) : null;
        AccessConfig access = access(doors);
        EngineConfig engine = EngineConfig.DEFAULT.withRetention(retention());
        ServerConfig config = relation(
                () -> new ServerConfig(database, doors, limits, engine, access, drain, dataDirectory),
                ServerConfig.defaults());
        if (!faults.isEmpty()) {
            throw PulseException.of(ErrorCode.CONFIGURATION, faults);
        }
        return config;
    }

    private DoorConfig doors() {
        Address http = read(Setting.HTTP_ADDR, Address::parse, DoorConfig.DEFAULT.http());
        Address grpc = read(Setting.GRPC_ADDR, Address::parse, DoorConfig.DEFAULT.grpc());
        boolean insecure = bool(Setting.INSECURE_BIND);
        int body = size(Setting.BODY_LIMIT);
        TlsFiles tls = tls();
        boolean signIn = isGiven(Setting.AUTH_USERS) || isGiven(Setting.AUTH_CERTIFICATES);
        QuotaConfig quotas = quotas();
        return relation(() -> new DoorConfig(http, grpc, insecure, body, tls, signIn, quotas), DoorConfig.DEFAULT);
    }

    private QuotaConfig quotas() {
        int requests = number(Setting.CALLER_REQUESTS_PER_SECOND);
        int calls = number(Setting.CALLER_OPEN_CALLS);
        int streams = number(Setting.CALLER_OPEN_STREAMS);
        return relation(() -> new QuotaConfig(requests, calls, streams), QuotaConfig.DEFAULT);
    }

    private int number(Setting setting) {
        return read(setting, Integer::parseInt, Integer.parseInt(setting.standard()));
    }

    private @Nullable TlsFiles tls() {
        Path certificate = file(Setting.TLS_CERT);
        Path key = file(Setting.TLS_KEY);
        Path clients = file(Setting.TLS_CLIENT_CA);
        if (certificate == null && key == null && clients == null) {
            return null;
        }
        if (certificate == null || key == null) {
            Setting given =
                    certificate != null ? Setting.TLS_CERT : key != null ? Setting.TLS_KEY : Setting.TLS_CLIENT_CA;
            faults.add(new Violation(
                    Objects.requireNonNull(found.get(given)).name,
                    "needs " + Setting.TLS_CERT.key() + " and " + Setting.TLS_KEY.key() + " both"));
            return null;
        }
        return new TlsFiles(certificate, key, clients);
    }

    private @Nullable Path file(Setting setting) {
        return isGiven(setting) ? read(setting, Path::of, Path.of("")) : null;
    }

    private boolean isGiven(Setting setting) {
        Source source = found.get(setting);
        return source != null && !source.value.isEmpty();
    }

    /** Empty means nobody: a compose file passes a variable on that nobody has set. */
    private AccessConfig access(DoorConfig doors) {
        List<User> users = entries(Setting.AUTH_USERS, User::parse, List.of());
        Map<String, Rights> certificates = entries(Setting.AUTH_CERTIFICATES, Certificates::parse, Map.of());
        return new AccessConfig(users, certificates, doors.insecureBind(), ThrottleConfig.DEFAULT);
    }

    private <T> T entries(Setting setting, BiFunction<String, Consumer<String>, T> reading, T none) {
        Source source = found.get(setting);
        return source == null || source.value.isEmpty()
                ? none
                : reading.apply(source.value, fault -> faults.add(new Violation(source.name, fault)));
    }

    private Limits limits() {
        int payload = size(Setting.PAYLOAD_LIMIT);
        return relation(() -> new Limits(payload), Limits.DEFAULT);
    }

    private PgConfig database() {
        String schema = read(Setting.DATABASE_SCHEMA, Function.identity(), Setting.DATABASE_SCHEMA.standard());
        int connections = read(Setting.DATA_CONNECTIONS, Integer::parseInt, 8);
        Duration timeout = duration(Setting.QUERY_TIMEOUT);
        boolean unsafe = bool(Setting.ALLOW_UNSAFE_DURABILITY);
        String url = read(Setting.DATABASE_URL, DatabaseUrl::toJdbc, ServerConfig.NO_ADDRESS);
        PgConfig standard = PgConfig.defaults(url);
        return relation(
                () -> new PgConfig(
                        url,
                        schema,
                        standard.controlConnections(),
                        connections,
                        standard.queryConnections(),
                        timeout,
                        standard.connectTimeout(),
                        unsafe),
                standard);
    }

    private RetentionConfig retention() {
        RetentionConfig standard = RetentionConfig.DEFAULT;
        return new RetentionConfig(
                kept(Setting.RETENTION_COMPLETED, standard.completed(), RetentionConfig.KEPT_MIN),
                kept(Setting.RETENTION_CANCELED, standard.canceled(), RetentionConfig.KEPT_MIN),
                keptDeadLetters(standard.deadLettered()),
                kept(Setting.RETENTION_THROUGHPUT, standard.throughput(), RetentionConfig.THROUGHPUT_MIN),
                kept(Setting.RETENTION_AUDIT, standard.audit(), RetentionConfig.AUDIT_MIN),
                standard.every(),
                standard.batchMax());
    }

    private Duration kept(Setting setting, Duration standard, Duration min) {
        return read(setting, text -> RetentionConfig.atLeast(min, Durations.parse(text)), standard);
    }

    private @Nullable Duration keptDeadLetters(@Nullable Duration standard) {
        return this.<Optional<Duration>>read(
                        Setting.RETENTION_DEAD_LETTERED,
                        text -> text.equals(NEVER)
                                ? Optional.empty()
                                : Optional.of(RetentionConfig.atLeast(RetentionConfig.KEPT_MIN, Durations.parse(text))),
                        Optional.ofNullable(standard))
                .orElse(null);
    }

    private Duration duration(Setting setting) {
        return read(setting, Durations::parse, Durations.parse(setting.standard()));
    }

    private boolean bool(Setting setting) {
        return read(
                setting,
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("true or false is expected, got \"" + text + "\"");
                },
                Boolean.parseBoolean(setting.standard()));
    }

    private int size(Setting setting) {
        return read(setting, ConfigReader::bytes, bytes(setting.standard()));
    }

    private static int bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(
                    "a size such as 65536, 256KiB or 16MiB is expected, got \"" + text + "\"");
        }
        long unit = switch (size.group(2)) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            default -> 1L;
        };
        return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(size.group(1)) * unit);
    }

    private <T> T read(Setting setting, Function<String, T> reading, T standard) {
        Source source = found.get(setting);
        if (source == null) {
            return standard;
        }
        try {
            return reading.apply(source.value);
        } catch (NumberFormatException e) {
            faults.add(new Violation(source.name, "a whole number is expected, got \"" + source.value + "\""));
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(source.name, String.valueOf(e.getMessage())));
        }
        return standard;
    }

    /** Values that are right by themselves may be wrong together; the records say so and name the key. */
    private <T> T relation(Supplier<T> making, T standard) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            faults.add(new Violation("configuration", String.valueOf(e.getMessage())));
            return standard;
        }
    }
}
