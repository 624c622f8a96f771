package dev.pulse.cli;

/** The few colors of our tables, as every terminal with colors has them. */
enum Color {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Color(String code) {
        this.code = code;
    }

    String paint(String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** How a status, a state or an outcome is shown: what needs somebody is red, what waits for something yellow. */
    static Color ofStatus(String word) {
        return switch (word) {
            case "completed", "ack", "done" -> GREEN;
            case "running", "active", "open" -> CYAN;
            case "retrying", "retry", "paused", "snooze", "parked" -> YELLOW;
            case "dead_lettered", "dead_letter", "failed", "fail", "timeout", "lapsed", "refused", "denied" -> RED;
            case "canceled", "ended", "drop", "release" -> FAINT;
            default -> PLAIN;
        };
    }
}
