package dev.pulse.engine;

import dev.pulse.model.Assignment;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One claim call of a worker that waits for work. Guarded by its session's lock. */
final class Poll {
    final int max;
    final long deadline;
    final CompletableFuture<List<Assignment>> answer = new CompletableFuture<>();
    /** Whether a claim counts with it. */
    boolean seen;
    /** Whether a claim that counted with it has run: nobody is sent away unheard. */
    boolean tried;

    Poll(int max, long deadline) {
        this.max = max;
        this.deadline = deadline;
    }
}
