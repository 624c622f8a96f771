package dev.pulse.json;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what attempts tell of themselves: {@code {"id", "token", "percent", "text", "lines": [...], "lost"}}. */
final class NoteReader {
    private static final Set<String> NOTE = WorkShapes.NOTE.names();
    private static final Set<String> LINE = WorkShapes.LINE.names();
    /** Stands for a token that no claim ever gave: what is told under it is dropped. */
    private static final LeaseToken NEVER_GIVEN = new LeaseToken(0, 0, new UUID(0, 0));

    private final Faults faults;
    private final List<Note.Line> lines = new ArrayList<>();
    private UUID id = new UUID(0, 0);
    private LeaseToken token = NEVER_GIVEN;
    private @Nullable Integer percent;
    private @Nullable String text;
    private long lost;

    private NoteReader(Faults faults) {
        this.faults = faults;
    }

    /** Reads the array that the parser stands on. */
    static List<Note> read(ObjectReader in, Faults faults) {
        List<Note> notes = new ArrayList<>();
        in.each(RequestReader.MAX_HELD, () -> {
            NoteReader note = new NoteReader(faults.under("notes[" + notes.size() + "]."));
            ObjectReader item = in.object(NOTE);
            if (item != null) {
                note.fields(item);
            }
            notes.add(new Note(note.id, note.token, note.percent, note.text, note.lines, note.lost));
        });
        return notes;
    }

    private void fields(ObjectReader in) {
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "id" -> in.id(value -> id = value);
                case "token" -> in.text(value -> token = LeaseToken.parse(value).orElse(NEVER_GIVEN));
                case "percent" -> in.integer(0, 100, value -> percent = value);
                case "text" -> in.text(value -> text = value);
                case "lines" -> lines(in);
                case "lost" -> in.wholeNumber(0, Integer.MAX_VALUE, value -> lost = value);
                default -> throw new AssertionError(field);
            }
        }
        for (String name : List.of("id", "token")) {
            if (!in.saw(name)) {
                faults.invalid(name, "is required");
            }
        }
    }

    private void lines(ObjectReader in) {
        in.each(Note.MAX_LINES, () -> {
            ObjectReader item = in.object(LINE);
            if (item != null) {
                lines.add(line(item));
            }
        });
    }

    private Note.Line line(ObjectReader in) {
        LogLevel[] level = {LogLevel.INFO};
        String[] message = {""};
        Duration[] age = {Duration.ZERO};
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "level" ->
                    in.text(name -> LogLevel.fromWire(name)
                            .ifPresentOrElse(
                                    said -> level[0] = said,
                                    () -> faults.invalid(
                                            "lines.level",
                                            "one of trace, debug, info, warn, error is expected, got \""
                                                    + Shown.text(name) + "\"")));
                case "message" -> in.text(value -> message[0] = value);
                case "age" -> in.duration(value -> age[0] = value);
                default -> throw new AssertionError(field);
            }
        }
        return new Note.Line(level[0], message[0], age[0]);
    }
}
