package dev.pulse.micrometer;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The values that a label may take: the first so many that come keep their name for good, all others are {@code other}. Names
 * come from users, and each makes a series that the monitoring keeps for years. Any thread.
 */
final class Labels {
    static final String OTHER = "other";

    private final int most;
    private final Set<String> admitted = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();

    Labels(int most) {
        this.most = most;
    }

    String of(String name) {
        lock.lock();
        try {
            if (admitted.contains(name)) {
                return name;
            }
            if (admitted.size() < most) {
                admitted.add(name);
                return name;
            }
            return OTHER;
        } finally {
            lock.unlock();
        }
    }
}
