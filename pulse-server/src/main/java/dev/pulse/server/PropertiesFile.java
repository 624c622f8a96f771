package dev.pulse.server;

import dev.pulse.model.Violation;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code key = value} lines. Not {@link java.util.Properties}, which lets the last of two equal keys win in silence and
 * knows no line numbers.
 *
 * @param values by key
 * @param places where each key stands, as {@code file:line}
 */
record PropertiesFile(Map<String, String> values, Map<String, String> places) {
    private static final long MAX_BYTES = 1 << 20;

    static PropertiesFile read(Path file, List<Violation> faults) {
        PropertiesFile read = new PropertiesFile(new LinkedHashMap<>(), new LinkedHashMap<>());
        if (!Files.exists(file)) {
            return read;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                faults.add(new Violation(file.toString(), "larger than 1 MiB"));
                return read;
            }
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                read.readLine(lines.get(i).strip(), file + ":" + (i + 1), faults);
            }
        } catch (CharacterCodingException e) {
            faults.add(new Violation(file.toString(), "is not UTF-8"));
        } catch (IOException e) {
            faults.add(new Violation(file.toString(), "cannot be read: " + e.getMessage()));
        }
        return read;
    }

    private void readLine(String line, String place, List<Violation> faults) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 1) {
            faults.add(new Violation(place, "key = value is expected"));
            return;
        }
        String key = line.substring(0, equals).strip();
        String first = places.putIfAbsent(key, place);
        if (first != null) {
            faults.add(new Violation(place, key + " is set before, at " + first));
            return;
        }
        values.put(key, line.substring(equals + 1).strip());
    }
}
