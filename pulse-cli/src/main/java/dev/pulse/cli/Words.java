package dev.pulse.cli;

import java.util.List;

/** What a command line says behind a command's own name, as far as it tells which commands below it are needed. */
final class Words {
    /** Every command there is: for completion scripts and tests. */
    static final Words ALL = new Words(List.of());
    /** No command below: only its own name and description are shown. */
    static final Words NONE = new Words(List.of());

    private final List<String> words;

    private Words(List<String> words) {
        this.words = words;
    }

    static Words of(String... arguments) {
        return new Words(List.of(arguments));
    }

    String first() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    Words rest() {
        return new Words(words.subList(1, words.size()));
    }
}
