package dev.pulse.model;

import java.util.Comparator;

/**
 * What a switch or a limit governs: everything, one queue, or one type. Queues and types need not have been seen before.
 *
 * @param name of the queue or type; empty for everything
 */
public record Scope(Kind kind, String name) implements Comparable<Scope> {
    /** What kind of line it is; the order is that of the acts: everything first. */
    public enum Kind {
        DISPATCH("dispatch"),
        QUEUE("queue"),
        TYPE("type");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The kind's name in SQL, JSON and messages. */
        public String wireName() {
            return wireName;
        }

        /** The kind of that name, as a store wrote it. */
        public static Kind fromWire(String wireName) {
            for (Kind kind : values()) {
                if (kind.wireName.equals(wireName)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of scope is called " + wireName);
        }
    }

    /** Everything. */
    public static final Scope DISPATCH = new Scope(Kind.DISPATCH, "");

    private static final Comparator<Scope> ORDER =
            Comparator.comparing(Scope::kind).thenComparing(Scope::name);

    /** @throws PulseException naming the field {@code queue} or {@code type} for what is no name of one */
    public Scope {
        if (kind != Kind.DISPATCH && !Limits.NAME.matcher(name).matches()) {
            throw PulseException.invalid(kind.wireName(), Text.shown(name) + ": " + Text.nameFault(name));
        }
        if (kind == Kind.DISPATCH && !name.isEmpty()) {
            throw new IllegalArgumentException("everything has no name, got " + name);
        }
    }

    public static Scope queue(String name) {
        return new Scope(Kind.QUEUE, name);
    }

    public static Scope type(String name) {
        return new Scope(Kind.TYPE, name);
    }

    /** Whether jobs of this queue and type stand under it. */
    public boolean governs(String queue, String type) {
        return switch (kind) {
            case DISPATCH -> true;
            case QUEUE -> name.equals(queue);
            case TYPE -> name.equals(type);
        };
    }

    @Override
    public int compareTo(Scope other) {
        return ORDER.compare(this, other);
    }

    /** For messages: {@code dispatch}, {@code queue mail}. */
    @Override
    public String toString() {
        return kind == Kind.DISPATCH ? kind.wireName() : kind.wireName() + " " + name;
    }
}
