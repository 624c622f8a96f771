package dev.pulse.storememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryHintsTest {
    private static final long PATIENCE_SECONDS = 60;

    private final MemoryHints one = new MemoryHints();
    private final MemoryHints two = one.peer();
    private final BlockingQueue<Set<Integer>> heardByOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<Set<Integer>> heardByTwo = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void theOtherEndHearsWhatIsAnnounced() throws InterruptedException {
        two.listen(heardByTwo::add);

        one.announce(Set.of(3, 4));

        assertThat(next(heardByTwo)).containsExactly(3, 4);
    }

    @Test
    void nobodyHearsItself() throws InterruptedException {
        one.listen(heardByOne::add);
        two.listen(heardByTwo::add);

        one.announce(Set.of(1));
        next(heardByTwo);
        two.announce(Set.of(2));

        assertThat(next(heardByOne)).containsExactly(2);
    }

    @Test
    void whatASlowListenerMissesIsGathered() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        two.listen(lanes -> {
            busy.countDown();
            await(goOn);
            heardByTwo.add(lanes);
        });
        one.announce(Set.of(1));
        await(busy);

        one.announce(Set.of(2));
        one.announce(Set.of(3, 2));
        goOn.countDown();

        assertThat(next(heardByTwo)).containsExactly(1);
        assertThat(next(heardByTwo)).containsExactly(2, 3);
    }

    @Test
    void aClosedEndHearsNothingMore() throws InterruptedException {
        MemoryHints three = one.peer();
        three.listen(lanes -> heardByOne.add(Set.of()));
        two.listen(heardByTwo::add);
        three.close();
        three.close();

        one.announce(Set.of(1));

        next(heardByTwo);
        assertThat(heardByOne).isEmpty();
    }

    @Test
    void listeningTwiceIsRefused() {
        one.listen(heardByOne::add);

        assertThatIllegalStateException().isThrownBy(() -> one.listen(heardByOne::add));
    }

    @Test
    void listeningAfterCloseIsRefused() {
        one.close();

        assertThatIllegalStateException().isThrownBy(() -> one.listen(heardByOne::add));
    }

    private static Set<Integer> next(BlockingQueue<Set<Integer>> heard) throws InterruptedException {
        Set<Integer> lanes = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(lanes).as("a hint").isNotNull();
        return lanes == null ? Set.of() : lanes;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
