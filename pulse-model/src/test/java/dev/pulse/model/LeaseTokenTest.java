package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTokenTest {
    private static final UUID SECRET = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final LeaseToken TOKEN = new LeaseToken(7, 1_234_567_890_123L, SECRET);

    @Test
    void textIsReadBackToTheSameToken() {
        SplittableRandom dice = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            LeaseToken token =
                    new LeaseToken(dice.nextInt(), dice.nextLong(), new UUID(dice.nextLong(), dice.nextLong()));
            assertThat(token.text()).hasSize(38).matches("[A-Za-z0-9_-]+");
            assertThat(LeaseToken.parse(token.text())).contains(token);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé",
                "11111111-2222-4333-8444-55555555555555"
            })
    void anyOtherTextIsNoToken(String text) {
        assertThat(LeaseToken.parse(text)).isEmpty();
    }

    @Test
    void hugeTextIsNoToken() {
        assertThat(LeaseToken.parse("A".repeat(10_000_000))).isEmpty();
    }

    @Test
    void tokenHasOneSpelling() {
        String text = TOKEN.text();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        assertThat(alphabet.chars()
                        .mapToObj(last -> text.substring(0, 37) + (char) last)
                        .filter(spelling ->
                                LeaseToken.parse(spelling).filter(TOKEN::equals).isPresent()))
                .containsExactly(text);
    }

    @Test
    void tokensDifferInEachPart() {
        assertThat(TOKEN)
                .isNotEqualTo(new LeaseToken(8, TOKEN.seq(), SECRET))
                .isNotEqualTo(new LeaseToken(7, 1, SECRET))
                .isNotEqualTo(new LeaseToken(7, TOKEN.seq(), new UUID(0, 1)));
    }

    @Test
    void logsSeeThePlaceAndNotTheSecret() {
        assertThat(TOKEN).hasToString("LeaseToken[7/1234567890123]");
        assertThat(new Assignment(facts(), TOKEN, SECRET, 1, false).toString()).doesNotContain(TOKEN.text());
    }

    private static JobFacts facts() {
        return new JobFacts(
                SECRET, "email", "default", 0, Payload.EMPTY, Labels.NONE, Policy.DEFAULT, null, Instant.EPOCH);
    }
}
