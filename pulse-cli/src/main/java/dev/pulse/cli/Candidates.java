package dev.pulse.cli;

import dev.pulse.model.BundleStatus;
import dev.pulse.model.EventKind;
import dev.pulse.model.JobStatus;
import dev.pulse.model.ScheduleStatus;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** What a shell offers for a flag, as it is written there. The parser makes these by their classes. */
final class Candidates {
    private Candidates() {}

    /** The names of one kind of thing. */
    abstract static class Names implements Iterable<String> {
        private final List<String> names;

        <T> Names(T[] values, Function<T, String> name) {
            names = Arrays.stream(values).map(name).toList();
        }

        @Override
        public Iterator<String> iterator() {
            return names.iterator();
        }
    }

    static final class JobStatuses extends Names {
        JobStatuses() {
            super(JobStatus.values(), JobStatus::wireName);
        }
    }

    static final class BundleStatuses extends Names {
        BundleStatuses() {
            super(BundleStatus.values(), BundleStatus::wireName);
        }
    }

    static final class ScheduleStatuses extends Names {
        ScheduleStatuses() {
            super(ScheduleStatus.values(), ScheduleStatus::wireName);
        }
    }

    static final class EventKinds extends Names {
        EventKinds() {
            super(EventKind.values(), EventKind::wireName);
        }
    }
}
