package dev.pulse.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each handshake the identity that holds when it begins. A handshake asks first for an alias and then twice for what
 * stands behind it, so the identity before the last one stays known: a reload in between never mixes two pairs. Any thread.
 */
final class OwnKeys extends X509ExtendedKeyManager {
    private final Runnable beforeHandshake;
    private volatile Held held;

    private record Held(
            int number, Identity identity, @Nullable Identity before) {
        String alias() {
            return "identity-" + number;
        }
    }

    /** @param beforeHandshake called when a handshake asks for an identity: the place to look for a newer one */
    OwnKeys(Identity first, Runnable beforeHandshake) {
        this.beforeHandshake = beforeHandshake;
        this.held = new Held(0, first, null);
    }

    /** From now on; handshakes under way end with what they began with. */
    void replace(Identity identity) {
        Held last = held;
        held = new Held(last.number + 1, identity, last.identity);
    }

    Identity current() {
        return held.identity;
    }

    private @Nullable Identity behind(@Nullable String alias) {
        Held now = held;
        if (now.alias().equals(alias)) {
            return now.identity;
        }
        return ("identity-" + (now.number - 1)).equals(alias) ? now.before : null;
    }

    private @Nullable String aliasFor(List<String> kinds) {
        beforeHandshake.run();
        Held now = held;
        return kinds.contains(now.identity.kind()) ? now.alias() : null;
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String kind, Principal @Nullable [] issuers) {
        String alias = kind == null ? null : aliasFor(List.of(kind));
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return kind == null ? null : aliasFor(List.of(kind));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            @Nullable String kind, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return kind == null ? null : aliasFor(List.of(kind));
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String kind, Principal @Nullable [] issuers) {
        return getServerAliases(kind, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return kinds == null ? null : aliasFor(List.of(kinds));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] kinds, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return kinds == null ? null : aliasFor(List.of(kinds));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Identity identity = behind(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Identity identity = behind(alias);
        return identity == null ? null : identity.key();
    }
}
