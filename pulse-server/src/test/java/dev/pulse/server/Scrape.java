package dev.pulse.server;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One answer of {@code /metrics}, read as Prometheus does. */
final class Scrape {
    private final String text;
    private final Map<String, Double> samples = new TreeMap<>();
    private final Set<String> families = new TreeSet<>();

    Scrape(String text) {
        this.text = text;
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                families.add(line.split(" ", -1)[2]);
            } else if (!line.startsWith("#")) {
                int blank = line.lastIndexOf(' ');
                samples.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
            }
        }
    }

    /** The names of all metrics. */
    Set<String> families() {
        return families;
    }

    /** The one sample of that name and exactly these labels ({@code type="email"}), or NaN. */
    double value(String name, String... labels) {
        List<Double> found = samples.entrySet().stream()
                .filter(sample -> name(sample.getKey()).equals(name))
                .filter(sample -> labels(sample.getKey()).equals(Set.copyOf(Arrays.asList(labels))))
                .map(Map.Entry::getValue)
                .toList();
        return found.size() == 1 ? found.getFirst() : Double.NaN;
    }

    /** All samples of that name with at least these labels. */
    double sum(String name, String... labels) {
        return samples.entrySet().stream()
                .filter(sample -> name(sample.getKey()).equals(name))
                .filter(sample -> labels(sample.getKey()).containsAll(Arrays.asList(labels)))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** How many different values a label has. */
    int spread(String name, String label) {
        Set<String> values = new HashSet<>();
        samples.keySet().stream()
                .filter(sample -> name(sample).equals(name))
                .flatMap(sample -> labels(sample).stream())
                .filter(one -> one.startsWith(label + "="))
                .forEach(values::add);
        return values.size();
    }

    private static String name(String sample) {
        int brace = sample.indexOf('{');
        return brace < 0 ? sample : sample.substring(0, brace);
    }

    private static Set<String> labels(String sample) {
        int brace = sample.indexOf('{');
        if (brace < 0) {
            return Set.of();
        }
        String inside = sample.substring(brace + 1, sample.length() - 1);
        return Set.of(
                (inside.endsWith(",") ? inside.substring(0, inside.length() - 1) : inside).split(",(?=[a-z_]+=)"));
    }

    @Override
    public String toString() {
        return text;
    }
}
