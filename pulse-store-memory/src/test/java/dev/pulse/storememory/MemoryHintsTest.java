package dev.pulse.storememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
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
    private final BlockingQueue<Map<Integer, Long>> heardByOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<Integer, Long>> heardByTwo = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void theOtherEndHearsWhatIsAnnounced() throws InterruptedException {
        two.listen(heardByTwo::add);

        one.announce(Map.of(3, 30L, 4, 40L));

        assertThat(next(heardByTwo)).isEqualTo(Map.of(3, 30L, 4, 40L));
    }

    @Test
    void nobodyHearsItself() throws InterruptedException {
        one.listen(heardByOne::add);
        two.listen(heardByTwo::add);

        one.announce(Map.of(1, 1L));
        next(heardByTwo);
        two.announce(Map.of(2, 2L));

        assertThat(next(heardByOne)).isEqualTo(Map.of(2, 2L));
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
        one.announce(Map.of(1, 1L));
        await(busy);

        one.announce(Map.of(2, 2L));
        one.announce(Map.of(3, 1L, 2, 1L));
        goOn.countDown();

        assertThat(next(heardByTwo)).isEqualTo(Map.of(1, 1L));
        assertThat(next(heardByTwo)).isEqualTo(Map.of(2, 1L, 3, 1L));
    }

    @Test
    void aClosedEndHearsNothingMore() throws InterruptedException {
        MemoryHints three = one.peer();
        three.listen(lanes -> heardByOne.add(Map.of()));
        two.listen(heardByTwo::add);
        three.close();
        three.close();

        one.announce(Map.of(1, 1L));

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

    private static Map<Integer, Long> next(BlockingQueue<Map<Integer, Long>> heard) throws InterruptedException {
        Map<Integer, Long> lanes = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(lanes).as("a hint").isNotNull();
        return lanes == null ? Map.of() : lanes;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
