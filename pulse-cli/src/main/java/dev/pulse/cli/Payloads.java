package dev.pulse.cli;

import dev.pulse.json.JsonText;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The payload argument: the JSON itself, {@code @file}, or {@code -} for stdin; byte for byte what was given (I11). */
final class Payloads {
    private Payloads() {}

    static Payload read(@Nullable String argument, Shell shell) {
        if (argument == null) {
            return Payload.EMPTY;
        }
        byte[] bytes = bytes(argument, shell);
        JsonText.fault(bytes).ifPresent(fault -> {
            throw PulseException.invalid("payload", of(argument) + fault);
        });
        return Payload.of(bytes, Payload.JSON);
    }

    /** Where the text came from, as the beginning of what is wrong with it. */
    private static String of(String argument) {
        return argument.equals("-") ? "standard input: " : argument.startsWith("@") ? argument.substring(1) + ": " : "";
    }

    private static byte[] bytes(String argument, Shell shell) {
        if (argument.equals("-")) {
            if (shell.terminal().input()) {
                throw PulseException.invalid(
                        "payload", "standard input is a terminal: send the JSON through a pipe, or give @FILE");
            }
            return bounded(shell.in(), "standard input");
        }
        if (!argument.startsWith("@")) {
            return argument.getBytes(StandardCharsets.UTF_8);
        }
        String name = argument.substring(1);
        try (InputStream file = Files.newInputStream(Path.of(name))) {
            return bounded(file, name);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw PulseException.invalid("payload", "no file " + name);
        } catch (IOException e) {
            throw PulseException.invalid("payload", "cannot read " + name + ": " + reason(e));
        }
    }

    /** Reads no more than a server could ever take, so that a pipe without end is refused and not collected. */
    private static byte[] bounded(InputStream stream, String source) {
        try {
            byte[] bytes = stream.readNBytes(Limits.HARD_PAYLOAD_BYTES + 1);
            if (bytes.length > Limits.HARD_PAYLOAD_BYTES) {
                throw new PulseException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "payload: " + source + " holds more than " + Limits.HARD_PAYLOAD_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw PulseException.invalid("payload", "cannot read " + source + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
