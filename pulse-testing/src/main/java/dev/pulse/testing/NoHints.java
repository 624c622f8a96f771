package dev.pulse.testing;

import dev.pulse.store.Hints;
import java.util.Map;
import java.util.function.Consumer;

/** One engine has no others to tell. */
final class NoHints implements Hints {
    @Override
    public void announce(Map<Integer, Long> lowest) {}

    @Override
    public void listen(Consumer<Map<Integer, Long>> onHint) {}

    @Override
    public void close() {}
}
