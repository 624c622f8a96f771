package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdSourceTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_793_275_200_123L, (1L << 48) - 1})
    void idCarriesTheTimeTheVersionAndTheVariantOfRfc9562(long millis) {
        IdSource ids = new IdSource(() -> Instant.ofEpochMilli(millis), new Random(3));
        for (int i = 0; i < 1_000; i++) {
            UUID id = ids.next();
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void onlyVersionAndVariantAreFixedInTheRest() {
        assertThat(new IdSource(() -> Instant.EPOCH, () -> -1L).next())
                .hasToString("00000000-0000-7fff-bfff-ffffffffffff");
        assertThat(new IdSource(() -> Instant.EPOCH, () -> 0L).next())
                .hasToString("00000000-0000-7000-8000-000000000000");
    }

    @Test
    void laterIdSortsAfterTheEarlierAsTextAndAsBytes() {
        Instant start = Instant.parse("2026-11-22T00:00:00Z");
        List<String> ids = new ArrayList<>();
        Random dice = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            Instant now = start.plusMillis(i);
            ids.add(new IdSource(() -> now, dice).next().toString());
        }
        assertThat(ids).isSorted();
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        IdSource ids = new IdSource(() -> Instant.EPOCH, new Random(9));
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertThat(seen.add(ids.next())).isTrue();
        }
    }
}
