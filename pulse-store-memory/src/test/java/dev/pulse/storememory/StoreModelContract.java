package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Walks through random acts on the store under test and on the model, side by side: every answer must be the same. The
 * seed in the test's name repeats the walk.
 */
public abstract class StoreModelContract {
    private static final int STEPS = 400;

    /** The store under test, empty. */
    protected abstract StoreFixture fixture();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyAnswerIsTheModels(long seed) {
        try (StoreFixture tested = fixture();
                MemoryFixture model = new MemoryFixture()) {
            new ModelWalk(seed, model, tested).walk(STEPS);
        }
    }
}
