package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.tls.TlsFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: {@code host}, {@code host:port} or {@code [v6]:port}, {@code pulse://} before it or not; with TLS
 * {@code grpcs://host:port}, behind it {@code ?ca=FILE} for authorities other than the system's and
 * {@code &cert=FILE&key=FILE} for a certificate of one's own.
 *
 * @param tls how to check the server and who to be; null without TLS
 */
public record ServerAddress(String host, int port, @Nullable TlsFiles tls) {
    public static final int DEFAULT_PORT = 50051;

    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile(
            "(?:(pulse|grpc|grpcs)://)?" + "(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?/?(?:\\?(.*))?");
    private static final String CA = "ca";
    private static final String CERTIFICATE = "cert";
    private static final String KEY = "key";

    /** Without TLS. */
    public ServerAddress(String host, int port) {
        this(host, port, null);
    }

    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)localhost|127(?:\\.\\d{1,3}){3}|(?:0{0,4}:){2,7}0{0,3}1|::ffff:127(?:\\.\\d{1,3}){3}");

    /**
     * Reads an address.
     *
     * @throws PulseException CONFIGURATION saying how to write one
     */
    public static ServerAddress parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new PulseException(
                        ErrorCode.CONFIGURATION,
                        "not a server address: \"" + text
                                + "\"; write host:port, for example localhost:50051, or grpcs://host:port for TLS"));
    }

    static Optional<ServerAddress> tryParse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String host = form.group(2) != null ? form.group(2) : form.group(3);
        int port = form.group(4) == null ? DEFAULT_PORT : Integer.parseInt(form.group(4));
        if (port < 1 || port > MAX_PORT) {
            return Optional.empty();
        }
        boolean secure = "grpcs".equals(form.group(1));
        if (!secure && form.group(5) != null) {
            throw new PulseException(
                    ErrorCode.CONFIGURATION, "only addresses with TLS have parameters: grpcs://" + host + ":" + port);
        }
        return Optional.of(new ServerAddress(host, port, secure ? files(form.group(5)) : null));
    }

    private static TlsFiles files(@Nullable String parameters) {
        Map<String, String> files = new HashMap<>();
        for (String parameter :
                parameters == null || parameters.isEmpty() ? new String[0] : parameters.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (!List.of(CA, CERTIFICATE, KEY).contains(name) || equals == parameter.length() - 1 || equals < 0) {
                throw new PulseException(
                        ErrorCode.CONFIGURATION, "ca=FILE, cert=FILE and key=FILE are allowed, got " + name);
            }
            if (files.put(name, parameter.substring(equals + 1)) != null) {
                throw new PulseException(ErrorCode.CONFIGURATION, name + " is given twice");
            }
        }
        try {
            return new TlsFiles(path(files.get(CERTIFICATE)), path(files.get(KEY)), path(files.get(CA)));
        } catch (IllegalArgumentException e) {
            throw new PulseException(ErrorCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Path path(@Nullable String file) {
        return file == null ? null : Path.of(file);
    }

    /** Whether it is this machine, by its name alone: asking for the address of a name could wait, and could be answered by others. */
    public boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
