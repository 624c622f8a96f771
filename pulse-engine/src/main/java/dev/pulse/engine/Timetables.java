package dev.pulse.engine;

import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.Timing;
import dev.pulse.schedules.Timetable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Timetables by what they are made of: parsing a rule costs more than asking it. Forgets the one that was not asked for
 * longest. Any thread.
 */
final class Timetables {
    private static final int MOST = 20_000;

    private record Key(Timing timing, Instant anchor) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Timetable> made = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Timetable> eldest) {
            return size() > MOST;
        }
    };

    /** @throws dev.pulse.model.PulseException where the rule cannot be evaluated */
    Timetable of(ScheduleInfo schedule) {
        return of(schedule.spec().timing(), schedule.anchor());
    }

    Timetable of(Timing timing, Instant anchor) {
        Key key = new Key(timing, anchor);
        lock.lock();
        try {
            Timetable timetable = made.get(key);
            if (timetable == null) {
                timetable = Timetable.of(timing, anchor);
                made.put(key, timetable);
            }
            return timetable;
        } finally {
            lock.unlock();
        }
    }
}
