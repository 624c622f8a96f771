package dev.pulse.server;

/**
 * The two doors.
 *
 * @param insecureBind whether they may be reached from other machines, although nobody has to sign in
 * @param bodyBytes largest request; 64 KiB to 256 MiB
 */
public record DoorConfig(Address http, Address grpc, boolean insecureBind, int bodyBytes) {
    public static final DoorConfig DEFAULT = new DoorConfig(
            Address.parse(Setting.HTTP_ADDR.standard()), Address.parse(Setting.GRPC_ADDR.standard()), false, 16 << 20);

    private static final int MIN_BODY = 64 << 10;
    private static final int MAX_BODY = 256 << 20;

    public DoorConfig {
        requireLoopback(Setting.HTTP_ADDR, http, insecureBind);
        requireLoopback(Setting.GRPC_ADDR, grpc, insecureBind);
        if (bodyBytes < MIN_BODY || bodyBytes > MAX_BODY) {
            throw new IllegalArgumentException(
                    Setting.BODY_LIMIT.key() + ": 64KiB to 256MiB are allowed, got " + bodyBytes + " bytes");
        }
    }

    private static void requireLoopback(Setting setting, Address address, boolean insecureBind) {
        if (!insecureBind && !address.isLoopback()) {
            throw new IllegalArgumentException(setting.key() + ": " + address
                    + " can be reached from other machines, and nobody would have to sign in;"
                    + " listen on 127.0.0.1, or accept the risk with --insecure-bind");
        }
    }
}
