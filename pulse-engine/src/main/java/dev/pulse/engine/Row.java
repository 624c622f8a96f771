package dev.pulse.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One item of a flush: what was asked, then what became of it. The flusher's thread only. */
final class Row<T, R> {
    final T item;

    /** Null as long as nothing is known, and for good where the store was in trouble. */
    @Nullable
    R answer;

    Row(T item) {
        this.item = item;
    }

    T item() {
        return item;
    }

    /** The items of each call, in a list a call. */
    static <C, T, R> List<List<Row<T, R>>> of(List<C> calls, Function<C, List<T>> items) {
        List<List<Row<T, R>>> rows = new ArrayList<>(calls.size());
        for (C call : calls) {
            List<Row<T, R>> ofCall = new ArrayList<>();
            for (T item : items.apply(call)) {
                ofCall.add(new Row<>(item));
            }
            rows.add(ofCall);
        }
        return rows;
    }

    static <T, R> List<Row<T, R>> all(List<List<Row<T, R>>> rows) {
        List<Row<T, R>> all = new ArrayList<>();
        rows.forEach(all::addAll);
        return all;
    }

    /** What is known so far, in order; shorter than the rows where the store was in trouble. */
    static <T, R> List<R> answers(List<Row<T, R>> rows) {
        List<R> answers = new ArrayList<>(rows.size());
        for (Row<T, R> row : rows) {
            R answer = row.answer;
            if (answer != null) {
                answers.add(answer);
            }
        }
        return answers;
    }
}
