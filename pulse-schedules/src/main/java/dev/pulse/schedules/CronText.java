package dev.pulse.schedules;

import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.constraint.FieldConstraintsBuilder;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.IntegerFieldValue;
import com.cronutils.parser.CronParserField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Cron text to {@link CronFields}; the only place that knows the library cron-utils, which takes items such as {@code 10-50/20}
 * or {@code FRI#2} apart. It takes more than it should ({@code 1,,2}, {@code 60}, {@code 5-1}, {@code xW}) and cannot say
 * where a fault is, so fields, lists, the shape of an item and the range of its numbers are checked here; see
 * docs/decisions/0050-cron-text-and-instants.md.
 */
final class CronText {
    static final int MAX_LENGTH = 256;

    private static final Map<String, String> MACROS = Map.of(
            "@YEARLY", "0 0 1 1 *",
            "@ANNUALLY", "0 0 1 1 *",
            "@MONTHLY", "0 0 1 * *",
            "@WEEKLY", "0 0 * * 0",
            "@DAILY", "0 0 * * *",
            "@MIDNIGHT", "0 0 * * *",
            "@HOURLY", "0 * * * *");

    private static final String PLAIN = "\\*(/\\d{1,4})?|(\\d{1,4}|[A-Z]{3})(-(\\d{1,4}|[A-Z]{3}))?(/\\d{1,4})?";

    private static final Field SECOND = new Field(CronFieldName.SECOND, "second", 0, 59, "", "", List.of());
    private static final Field MINUTE = new Field(CronFieldName.MINUTE, "minute", 0, 59, "", "", List.of());
    private static final Field HOUR = new Field(CronFieldName.HOUR, "hour", 0, 23, "", "", List.of());
    private static final Field DAY_OF_MONTH = new Field(
            CronFieldName.DAY_OF_MONTH,
            "day-of-month",
            1,
            31,
            "|\\?|L|L-\\d{1,4}|LW|\\d{1,4}W",
            ", L, L-3, LW, 15W or ?",
            List.of());
    private static final Field MONTH = new Field(
            CronFieldName.MONTH,
            "month",
            1,
            12,
            "",
            "",
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
    private static final Field DAY_OF_WEEK = new Field(
            CronFieldName.DAY_OF_WEEK,
            "day-of-week",
            0,
            7,
            "|\\?|(\\d{1,4}|[A-Z]{3})(L|#\\d{1,4})",
            ", FRIL, FRI#2 or ?",
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    /** What an item of a field may look like, and what its numbers mean. */
    private record Field(
            String label,
            int min,
            int max,
            Pattern shape,
            String specials,
            List<String> names,
            CronParserField parser) {
        Field(CronFieldName name, String label, int min, int max, String more, String specials, List<String> names) {
            this(label, min, max, Pattern.compile(PLAIN + more), specials, names, parser(name));
        }

        private static CronParserField parser(CronFieldName name) {
            return new CronParserField(
                    name,
                    FieldConstraintsBuilder.instance()
                            .forField(name)
                            .addHashSupport()
                            .addQuestionMarkSupport()
                            .createConstraintsInstance());
        }

        /** The highest value that a star, or a start with a step, runs to: Sunday is counted once. */
        int top() {
            return isWeek() ? 6 : max;
        }

        boolean isWeek() {
            return names.size() == 7;
        }

        String examples() {
            String range = min + "-" + max + (names.isEmpty() ? "" : " or " + names.getFirst() + "-" + names.getLast());
            String step = isWeek() ? "*/2" : "*/5";
            return "write *, a number of " + range + ", a range, a step such as " + step + specials;
        }
    }

    /** A part of a field between two commas, and where it begins in the text, from 1. */
    private record Item(String text, int column) {}

    /** The sets that the items of one field add to. */
    private static final class Bits {
        long plain;
        long last;
        long nearest;
        long nth;
        boolean lastWorkingDay;
    }

    private CronText() {}

    /**
     * Reads an expression of 5 fields, or 6 with seconds first, or a name such as {@code @daily}.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    static CronFields parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(text.length() + " characters, at most " + MAX_LENGTH);
        }
        List<Item> texts = split(text, 0, " \t");
        texts.removeIf(item -> item.text.isEmpty());
        if (!texts.isEmpty() && texts.getFirst().text.startsWith("@")) {
            return parse(macro(texts));
        }
        if (texts.size() != 5 && texts.size() != 6) {
            throw new IllegalArgumentException(
                    fieldCount(texts.size())
                            + "; 5 fields (or 6 with seconds) are allowed: [second] minute hour day-of-month month day-of-week");
        }
        if (texts.size() == 5) {
            texts.addFirst(new Item("0", 1));
        }
        Item monthDay = texts.get(3);
        Item weekDay = texts.get(5);
        Bits monthDays = read(DAY_OF_MONTH, monthDay);
        Bits weekDays = read(DAY_OF_WEEK, weekDay);
        return new CronFields(
                read(SECOND, texts.get(0)).plain,
                read(MINUTE, texts.get(1)).plain,
                read(HOUR, texts.get(2)).plain,
                new CronFields.MonthDays(
                        monthDays.plain, monthDays.last, monthDays.nearest, monthDays.lastWorkingDay, isOpen(monthDay)),
                read(MONTH, texts.get(4)).plain,
                new CronFields.WeekDays(weekDays.plain, weekDays.last, weekDays.nth, isOpen(weekDay)));
    }

    private static String fieldCount(int size) {
        return size == 0 ? "must not be empty" : size == 1 ? "1 field" : size + " fields";
    }

    private static boolean isOpen(Item field) {
        return field.text.startsWith("*") || field.text.startsWith("?");
    }

    private static String macro(List<Item> texts) {
        String name = texts.getFirst().text;
        String fields = MACROS.get(name.toUpperCase(Locale.ROOT));
        if (fields != null && texts.size() == 1) {
            return fields;
        }
        throw new IllegalArgumentException(
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "@every" -> "@every is no cron expression here; use the field every, for example every: 90s";
                    case "@reboot" -> "@reboot is not supported: a schedule knows of time, not of starts";
                    default ->
                        "%s is unknown; %s are allowed"
                                .formatted(
                                        shown(fields == null ? name : texts.get(1).text),
                                        "@yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly");
                });
    }

    private static Bits read(Field field, Item whole) {
        Bits bits = new Bits();
        List<Item> items = split(whole.text, whole.column - 1, ",");
        for (Item item : items) {
            if (item.text.isEmpty()) {
                throw fault(
                        field, item, "nothing " + (items.size() == 1 ? "there" : "between two commas or beside one"));
            }
            if (item.text.equals("?") && items.size() > 1) {
                throw fault(field, item, "? stands alone or not at all");
            }
            add(field, item, bits);
        }
        return bits;
    }

    private static void add(Field field, Item item, Bits bits) {
        String text = item.text.toUpperCase(Locale.ROOT);
        if (!field.shape.matcher(text).matches()) {
            throw unreadable(field, item);
        }
        switch (apart(field, item, text)) {
            case Always all -> range(field, field.min, field.top(), 1, bits);
            case QuestionMark any -> range(field, field.min, field.top(), 1, bits);
            case Between range -> between(field, item, range, 1, bits);
            case Every every -> step(field, item, every, bits);
            case On on -> on(field, item, on, bits);
            default -> throw unreadable(field, item);
        }
    }

    private static FieldExpression apart(Field field, Item item, String text) {
        try {
            return field.parser.parse(text).getExpression();
        } catch (IllegalArgumentException e) {
            throw unreadable(field, item);
        }
    }

    private static void step(Field field, Item item, Every every, Bits bits) {
        int step = every.getPeriod().getValue();
        int most = field.top() - field.min + 1;
        if (step < 1 || step > most) {
            throw fault(field, item, "step " + step + ", allowed 1-" + most);
        }
        switch (every.getExpression()) {
            case Always all -> range(field, field.min, field.top(), step, bits);
            case Between range -> between(field, item, range, step, bits);
            case On on -> {
                int start = value(field, item, on.getTime());
                range(field, start > field.top() ? field.min : start, field.top(), step, bits);
            }
            default -> throw unreadable(field, item);
        }
    }

    private static void between(Field field, Item item, Between range, int step, Bits bits) {
        int from = value(field, item, range.getFrom());
        int to = value(field, item, range.getTo());
        boolean named = Character.isLetter(item.text.charAt(0));
        if (named) {
            // SUN is 7 to the library; a range by names runs round the week or the year, from DEC to JAN.
            int size = field.names.size();
            from = from % 7 == 0 && field.isWeek() ? 0 : from;
            to = to < from ? to + size : to;
        }
        if (from > to) {
            throw fault(
                    field,
                    item,
                    "%s runs backwards; write %d-%d,%d-%d".formatted(item.text, from, field.top(), field.min, to));
        }
        range(field, from, to, step, bits);
    }

    private static void range(Field field, int from, int to, int step, Bits bits) {
        int size = field.top() - field.min + 1;
        for (int value = from; value <= to; value += step) {
            bits.plain |= 1L << (field.min + (value - field.min) % size);
        }
    }

    private static void on(Field field, Item item, On on, Bits bits) {
        int nth = on.getNth().getValue();
        switch (on.getSpecialChar().getValue()) {
            case NONE -> {
                int value = value(field, item, on.getTime());
                range(field, value, value, 1, bits);
            }
            case LW -> bits.lastWorkingDay = true;
            case W -> bits.nearest |= 1L << value(field, item, on.getTime());
            case HASH -> {
                check(field, item, nth, 1, 5, "of the month");
                bits.nth |= 1L << (7 * nth + value(field, item, on.getTime()) % 7);
            }
            case L -> {
                if (field.isWeek()) {
                    bits.last |= 1L << value(field, item, on.getTime()) % 7;
                } else {
                    check(field, item, Math.max(nth, 0), 0, 30, "before the last day");
                    bits.last |= 1L << Math.max(nth, 0);
                }
            }
            case QUESTION_MARK -> throw new AssertionError(item.text);
        }
    }

    private static int value(Field field, Item item, FieldValue<?> value) {
        if (!(value instanceof IntegerFieldValue number)) {
            throw unreadable(field, item);
        }
        check(field, item, number.getValue(), field.min, field.max, "");
        return number.getValue();
    }

    private static void check(Field field, Item item, int value, int min, int max, String what) {
        if (value < min || value > max) {
            String counted = what.isEmpty() ? "" : " " + what;
            throw fault(field, item, value + counted + ", allowed " + min + "-" + max);
        }
    }

    private static IllegalArgumentException unreadable(Field field, Item item) {
        return fault(field, item, shown(item.text) + " cannot be read; " + field.examples());
    }

    private static IllegalArgumentException fault(Field field, Item item, String what) {
        return new IllegalArgumentException(field.label + ": " + what + " (column " + item.column + ")");
    }

    private static List<Item> split(String text, int before, String separators) {
        List<Item> items = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || separators.indexOf(text.charAt(at)) >= 0) {
                items.add(new Item(text.substring(start, at), before + start + 1));
                start = at + 1;
            }
        }
        return items;
    }

    /** A word of the text as a message may show it. */
    static String shown(String word) {
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < Math.min(word.length(), 32); at++) {
            char c = word.charAt(at);
            shown.append(c > ' ' && c < 127 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return shown.append(word.length() > 32 ? "…" : "").toString();
    }
}
