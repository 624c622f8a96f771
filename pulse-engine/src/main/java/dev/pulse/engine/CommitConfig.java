package dev.pulse.engine;

import java.time.Duration;

/**
 * How the ends of callers' transactions are watched for, in which jobs were stored. All of it bounds the cost of waking
 * workers at once; a job whose transaction is not watched is found by the claimers' poll.
 *
 * @param transactionsMax most transactions watched; those beyond are left to the poll
 * @param batchMax most transactions asked about in one statement
 * @param askMin first wait before a transaction is asked about, and pause between two statements
 * @param askMax longest wait; between the two a transaction waits an eighth of its age
 * @param giveUpAfter age at which a transaction is left to the poll
 */
public record CommitConfig(int transactionsMax, int batchMax, Duration askMin, Duration askMax, Duration giveUpAfter) {
    public static final CommitConfig DEFAULT =
            new CommitConfig(10_000, 1_000, Duration.ofMillis(2), Duration.ofMillis(50), Duration.ofMinutes(10));

    public CommitConfig {
        Check.range("commit.transactions-max", transactionsMax, 1, 1_000_000);
        Check.range("commit.batch-max", batchMax, 1, 10_000);
        Check.range("commit.ask-min", askMin, Duration.ofMillis(1), Duration.ofSeconds(1));
        Check.range("commit.ask-max", askMax, Duration.ofMillis(1), Duration.ofSeconds(10));
        Check.range("commit.give-up-after", giveUpAfter, Duration.ofSeconds(1), Duration.ofDays(1));
        Check.that(askMin.compareTo(askMax) <= 0, "commit.ask-min must not be above commit.ask-max");
    }
}
