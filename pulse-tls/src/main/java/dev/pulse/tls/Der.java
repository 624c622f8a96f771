package dev.pulse.tls;

import java.io.ByteArrayOutputStream;

/** As much of DER as it takes to put one key into the envelope of another format. */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;
    /** The tag in front of the curve in the older form of elliptic keys. */
    static final int CURVE = 0xA0;

    private static final int LONG_FORM = 0x80;

    private Der() {}

    /** One value: tag, length, and the contents one behind the other. */
    static byte[] value(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        int length = body.size();
        if (length < LONG_FORM) {
            value.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
            value.write(LONG_FORM | octets);
            for (int at = octets - 1; at >= 0; at--) {
                value.write(length >> (at * Byte.SIZE));
            }
        }
        value.writeBytes(body.toByteArray());
        return value.toByteArray();
    }

    /**
     * The content of the first value with that tag among those that stand one behind the other.
     *
     * @throws IllegalArgumentException where there is none
     */
    static byte[] find(int tag, byte[] values) {
        int at = 0;
        while (at + 1 < values.length) {
            int found = values[at] & 0xFF;
            int length = values[at + 1] & 0xFF;
            int from = at + 2;
            if (length >= LONG_FORM) {
                int octets = length & (LONG_FORM - 1);
                length = 0;
                for (int i = 0; i < octets && from < values.length; i++) {
                    length = (length << Byte.SIZE) | (values[from++] & 0xFF);
                }
            }
            if (length < 0 || length > values.length - from) {
                break;
            }
            if (found == tag) {
                byte[] content = new byte[length];
                System.arraycopy(values, from, content, 0, length);
                return content;
            }
            at = from + length;
        }
        throw new IllegalArgumentException("no value with tag " + tag);
    }
}
