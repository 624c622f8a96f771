package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.store.Hints;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hints over the database. Nobody may rely on them, but these arrive: both ends are there, and nothing is cut. */
final class PgHintsTest {
    private static final long PATIENCE_SECONDS = 60;
    /** More than fit into one message, with the longest places there are. */
    private static final int MANY = 900;

    private final String url = SharedPostgres.freshDatabase();
    private final PgStores one = PgStores.open(PgConfig.defaults(url));
    private final PgStores two = PgStores.open(PgConfig.defaults(url));
    private final BlockingQueue<Map<Integer, Long>> heardByOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<Integer, Long>> heardByTwo = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private Map<Integer, Long> heardByTwo(int lanes) throws InterruptedException {
        Map<Integer, Long> all = new HashMap<>();
        while (all.size() < lanes) {
            Map<Integer, Long> heard = heardByTwo.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(heard).as("a hint after " + all.size() + " lanes").isNotNull();
            all.putAll(heard);
        }
        return all;
    }

    /** Until the other end listens, what is said to it is lost: a lane that no test uses is said until it is heard. */
    private void listen() throws InterruptedException {
        one.hints().listen(heardByOne::add);
        two.hints().listen(heardByTwo::add);
        Map<Integer, Long> heard = null;
        while (heard == null) {
            one.hints().announce(Map.of(-1, 1L));
            heard = heardByTwo.poll(1, TimeUnit.SECONDS);
        }
        heardByTwo.clear();
    }

    private Map<Integer, Long> without(Map<Integer, Long> heard) {
        heard.remove(-1);
        return heard;
    }

    @Test
    void theLowestPlaceOfEachLaneArrivesAndOnlyAtTheOthers() throws InterruptedException {
        listen();
        one.hints().announce(Map.of(-1, 1L, 3, 30L, 4, Hints.AT_THE_END));

        assertThat(without(heardByTwo(3))).isEqualTo(Map.of(3, 30L, 4, Hints.AT_THE_END));
        assertThat(heardByOne).isEmpty();
    }

    @Test
    void moreLanesThanOneMessageTakesArriveInSeveral() throws InterruptedException {
        listen();
        Map<Integer, Long> many = new HashMap<>(Map.of(-1, 1L));
        for (int i = 0; i < MANY; i++) {
            many.put(Integer.MAX_VALUE - i, Long.MAX_VALUE - 1 - i);
        }
        one.hints().announce(many);

        assertThat(heardByTwo(MANY + 1)).isEqualTo(many);
    }
}
