package dev.pulse.model;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The right to end one attempt. The secret is random per attempt and is the fence (I3); lane and seq say where the turn
 * stands, so that a report finds its row by one index probe. Opaque text at every door.
 *
 * @param lane the lane of the turn
 * @param seq the place within all lanes
 * @param secret minted by the claim
 */
public record LeaseToken(int lane, long seq, UUID secret) {
    private static final int BYTES = Integer.BYTES + 3 * Long.BYTES;
    private static final int CHARACTERS = 38;

    /** URL-safe text of {@value #CHARACTERS} characters. */
    public String text() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES)
                .putInt(lane)
                .putLong(seq)
                .putLong(secret.getMostSignificantBits())
                .putLong(secret.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    /** Reads {@link #text()}; empty for anything that is not such a text. */
    public static Optional<LeaseToken> parse(String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        ByteBuffer buffer;
        try {
            buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (buffer.remaining() != BYTES) {
            return Optional.empty();
        }
        LeaseToken token =
                new LeaseToken(buffer.getInt(), buffer.getLong(), new UUID(buffer.getLong(), buffer.getLong()));
        // The decoder overlooks the last four bits: without this, one token would have sixteen spellings.
        return Optional.of(token).filter(read -> read.text().equals(text));
    }

    /** The token as logs may show it: place and no secret. */
    @Override
    public String toString() {
        return "LeaseToken[" + lane + "/" + seq + "]";
    }
}
