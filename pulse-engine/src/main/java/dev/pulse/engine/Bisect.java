package dev.pulse.engine;

import dev.pulse.model.PulseException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs a batch; where its data is refused as a whole, halves it until the culprit stands alone, so that one bad item
 * never poisons its neighbours (E21). One use a batch.
 */
final class Bisect<T, R> {
    private final Function<List<T>, List<R>> act;
    private final BiConsumer<T, R> done;
    private final BiConsumer<T, PulseException> refused;
    private int splitsLeft;

    /**
     * @param act runs some items and answers in their order
     * @param splitsMax halvings allowed; when they are used up, what is left of a failing part is refused whole
     */
    Bisect(
            Function<List<T>, List<R>> act,
            BiConsumer<T, R> done,
            BiConsumer<T, PulseException> refused,
            int splitsMax) {
        this.act = act;
        this.done = done;
        this.refused = refused;
        this.splitsLeft = splitsMax;
    }

    /** Every item is either done or refused, unless the store is in trouble: that is thrown, for those left over. */
    void run(List<T> items) {
        List<R> answers;
        try {
            answers = act.apply(items);
        } catch (RuntimeException e) {
            if (Trouble.isTrouble(e)) {
                throw e;
            }
            halve(items, e);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            done.accept(items.get(i), answers.get(i));
        }
    }

    private void halve(List<T> items, RuntimeException cause) {
        if (items.size() == 1 || splitsLeft == 0) {
            PulseException told = Trouble.told(cause);
            items.forEach(item -> refused.accept(item, told));
            return;
        }
        splitsLeft--;
        int middle = items.size() / 2;
        run(items.subList(0, middle));
        run(items.subList(middle, items.size()));
    }
}
