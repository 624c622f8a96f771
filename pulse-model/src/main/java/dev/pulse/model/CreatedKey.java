package dev.pulse.model;

/**
 * A key that was just made.
 *
 * @param key the whole of it, a secret: shown this once, and kept by nobody but its owner
 */
public record CreatedKey(ApiKey info, String key) {
    @Override
    public String toString() {
        return "CreatedKey[" + info + ", ***]";
    }
}
