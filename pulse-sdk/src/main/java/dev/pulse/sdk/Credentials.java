package dev.pulse.sdk;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who a client says it is: a user, an API key, or nobody. Shows no secret, whoever asks. Immutable. */
public final class Credentials {
    private static final int MAX_LENGTH = 1_024;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1," + MAX_LENGTH + "}");
    private static final Credentials NONE = new Credentials("nobody", null, false);

    private final String shown;
    private final @Nullable String header;
    private final boolean inTheOpen;

    private Credentials(String shown, @Nullable String header, boolean inTheOpen) {
        this.shown = shown;
        this.header = header;
        this.inTheOpen = inTheOpen;
    }

    /** Nobody: for servers without users. */
    public static Credentials none() {
        return NONE;
    }

    /**
     * A user of the server.
     *
     * @throws IllegalArgumentException for an empty name or password, a name with a colon, control characters in either
     */
    public static Credentials password(String user, String password) {
        require(!user.isEmpty() && user.indexOf(':') < 0 && isPlain(user), "the user's name is empty or not one");
        require(!password.isEmpty() && isPlain(password), "the password is empty, too long, or has control characters");
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new Credentials("user " + user, "Basic " + Base64.getEncoder().encodeToString(pair), false);
    }

    /**
     * A key as {@code pulse keys create} printed it.
     *
     * @throws IllegalArgumentException for what cannot be one
     */
    public static Credentials apiKey(String key) {
        require(TOKEN.matcher(key).matches(), "the API key is empty, or has characters that none has");
        return new Credentials("API key", "Bearer " + key, false);
    }

    /**
     * What {@code PULSE_API_KEY}, or {@code PULSE_USER} and {@code PULSE_PASSWORD} say; nobody where none is set.
     * {@code PULSE_INSECURE_CREDENTIALS=true} is {@link #insecure}.
     *
     * @throws IllegalArgumentException where both are set, or one of the two is missing
     */
    public static Credentials from(Map<String, String> environment) {
        String key = environment.getOrDefault("PULSE_API_KEY", "");
        String user = environment.getOrDefault("PULSE_USER", "");
        String password = environment.getOrDefault("PULSE_PASSWORD", "");
        require(key.isEmpty() || user.isEmpty(), "PULSE_API_KEY and PULSE_USER are both set; unset one");
        require(user.isEmpty() == password.isEmpty(), "PULSE_USER and PULSE_PASSWORD are to be set both or neither");
        Credentials found = !key.isEmpty() ? apiKey(key) : user.isEmpty() ? none() : password(user, password);
        return environment.getOrDefault("PULSE_INSECURE_CREDENTIALS", "").equals("true") ? found.insecure() : found;
    }

    /** The same, sent to other machines although the connection is not encrypted and everybody on the way can read it. */
    public Credentials insecure() {
        return new Credentials(shown, header, true);
    }

    /** Whether they may be sent to other machines without TLS. */
    public boolean isInsecure() {
        return inTheOpen;
    }

    /** The value of {@code authorization}; a secret. Empty for nobody. */
    public Optional<String> header() {
        return Optional.ofNullable(header);
    }

    private static boolean isPlain(String text) {
        return text.length() <= MAX_LENGTH && text.chars().noneMatch(Character::isISOControl);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credentials credentials
                && Objects.equals(header, credentials.header)
                && inTheOpen == credentials.inTheOpen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(header, inTheOpen);
    }

    @Override
    public String toString() {
        return shown;
    }
}
