package dev.pulse.server;

import dev.pulse.tls.TlsFiles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two doors.
 *
 * @param insecureBind whether they may be reached from other machines although something that would protect them is missing
 * @param bodyBytes largest request; 64 KiB to 256 MiB
 * @param tls the certificate of both doors, and those whose clients' certificates are believed; null without TLS
 * @param signIn whether callers have to say who they are
 * @param quotas what one caller may ask of this server
 */
public record DoorConfig(
        Address http,
        Address grpc,
        boolean insecureBind,
        int bodyBytes,
        @Nullable TlsFiles tls,
        boolean signIn,
        QuotaConfig quotas) {
    public static final DoorConfig DEFAULT = new DoorConfig(
            Address.parse(Setting.HTTP_ADDR.standard()), Address.parse(Setting.GRPC_ADDR.standard()), false, 16 << 20);

    private static final int MIN_BODY = 64 << 10;
    private static final int MAX_BODY = 256 << 20;

    public DoorConfig {
        requireGuarded(Setting.HTTP_ADDR, http, insecureBind, tls != null, signIn);
        requireGuarded(Setting.GRPC_ADDR, grpc, insecureBind, tls != null, signIn);
        if (bodyBytes < MIN_BODY || bodyBytes > MAX_BODY) {
            throw new IllegalArgumentException(
                    Setting.BODY_LIMIT.key() + ": 64KiB to 256MiB are allowed, got " + bodyBytes + " bytes");
        }
    }

    /** Without TLS, and open to whoever can reach them. */
    public DoorConfig(Address http, Address grpc, boolean insecureBind, int bodyBytes) {
        this(http, grpc, insecureBind, bodyBytes, null, false, QuotaConfig.DEFAULT);
    }

    private static void requireGuarded(
            Setting setting, Address address, boolean insecureBind, boolean tls, boolean signIn) {
        if (insecureBind || address.isLoopback() || (tls && signIn)) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!signIn) {
            missing.add("nobody would have to sign in (set " + Setting.AUTH_USERS.key() + ")");
        }
        if (!tls) {
            missing.add("all would be readable on the way (set " + Setting.TLS_CERT.key() + " and "
                    + Setting.TLS_KEY.key() + ")");
        }
        throw new IllegalArgumentException(setting.key() + ": " + address + " can be reached from other machines, and "
                + String.join(", and ", missing) + "; mend that, listen on 127.0.0.1, or accept the risk with --"
                + Setting.INSECURE_BIND.key());
    }
}
