package dev.pulse.engine;

import dev.pulse.store.Fate;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What an engine needs whose callers store jobs inside their own transactions.
 *
 * @param fates asks the store what became of transactions; one statement, any thread
 */
public record CallerTransactions(Function<Set<Long>, Map<Long, Fate>> fates, CommitConfig config) {}
