package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens: {@code host}, {@code host:port} or {@code [v6]:port}, {@code pulse://} before it or not. */
public record ServerAddress(String host, int port) {
    public static final int DEFAULT_PORT = 50051;

    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:(?:pulse|grpc)://)?(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?/?");

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
                        "not a server address: \"" + text + "\"; write host:port, for example localhost:50051"));
    }

    static Optional<ServerAddress> tryParse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2);
        int port = form.group(3) == null ? DEFAULT_PORT : Integer.parseInt(form.group(3));
        return port < 1 || port > MAX_PORT ? Optional.empty() : Optional.of(new ServerAddress(host, port));
    }

    /** Whether it is this machine, by its name alone: asking for the address of a name could wait, and could be answered by others. */
    boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
