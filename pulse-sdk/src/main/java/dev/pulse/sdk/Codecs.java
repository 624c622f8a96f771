package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.ArrayList;
import java.util.List;

/** The codecs of one {@link Pulse}; the first that takes a class wins. */
final class Codecs {
    private final List<PayloadCodec> codecs;

    Codecs(List<PayloadCodec> found) {
        codecs = new ArrayList<>();
        codecs.add(new RawCodec());
        codecs.addAll(found);
    }

    PayloadCodec forClass(Class<?> type) {
        for (PayloadCodec codec : codecs) {
            if (codec.handles(type)) {
                return codec;
            }
        }
        throw new PulseException(
                ErrorCode.CONFIGURATION,
                "no codec takes " + type.getName() + ": add pulse-jackson to the class path, or use Json or byte[]");
    }
}
