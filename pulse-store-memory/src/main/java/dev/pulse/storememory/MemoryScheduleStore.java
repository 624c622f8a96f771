package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.store.Due;
import dev.pulse.store.Fired;
import dev.pulse.store.Firing;
import dev.pulse.store.FiringDecider;
import dev.pulse.store.Inserted;
import dev.pulse.store.Place;
import dev.pulse.store.ScheduleDescription;
import dev.pulse.store.ScheduleStore;
import dev.pulse.store.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Schedules. Any thread. Keeps I6. */
final class MemoryScheduleStore implements ScheduleStore {
    private final Tables tables;
    private final Leadership leadership;
    private final MemoryAuditStore audit;

    MemoryScheduleStore(Tables tables, Leadership leadership, MemoryAuditStore audit) {
        this.tables = tables;
        this.leadership = leadership;
        this.audit = audit;
    }

    private Collection<StoredSchedule> all() {
        return tables.schedules.values();
    }

    @Override
    public ScheduleInfo create(Function<Instant, ScheduleInfo> open, Caller by) {
        return tables.locked(() -> {
            ScheduleInfo schedule = open.apply(tables.now());
            if (tables.schedules.containsKey(schedule.id())) {
                throw new PulseException(
                        ErrorCode.ID_CONFLICT, "id: " + schedule.id() + " is the id of another schedule");
            }
            requireFreeName(schedule);
            tables.schedules.put(schedule.id(), new StoredSchedule(schedule));
            note(by, "schedule.create", schedule.id(), Map.of(), ScheduleDescription.of(schedule));
            return schedule;
        });
    }

    private void requireFreeName(ScheduleInfo schedule) {
        String name = schedule.spec().name();
        if (name == null) {
            return;
        }
        byName(name)
                .map(stored -> stored.schedule.id())
                .filter(id -> !id.equals(schedule.id()))
                .ifPresent(holder -> {
                    throw new PulseException(
                            ErrorCode.NAME_CONFLICT, "name: \"" + name + "\" is the name of schedule " + holder);
                });
    }

    private void note(Caller by, String action, UUID id, Map<String, String> before, Map<String, String> after) {
        audit.note(by, action, id.toString(), before, after, AuditEntry.DONE);
    }

    private Optional<StoredSchedule> stored(UUID id) {
        return Optional.ofNullable(tables.schedules.get(id));
    }

    private Optional<StoredSchedule> byName(String name) {
        return all().stream()
                .filter(one -> name.equals(one.schedule.spec().name()))
                .findFirst();
    }

    @Override
    public Optional<ScheduleInfo> find(UUID id) {
        return tables.locked(() -> stored(id).map(one -> one.schedule));
    }

    @Override
    public Optional<ScheduleInfo> named(String name) {
        return tables.locked(() -> byName(name).map(one -> one.schedule));
    }

    private static Place place(ScheduleInfo schedule) {
        return new Place(schedule.createdAt(), schedule.id());
    }

    @Override
    public SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor) {
        Place after = Place.parse(cursor);
        return tables.locked(() -> {
            List<ScheduleInfo> found = all().stream()
                    .map(one -> one.schedule)
                    .filter(schedule -> matches(filter, schedule))
                    .filter(schedule -> place(schedule).compareTo(after) > 0)
                    .sorted(Comparator.comparing(MemoryScheduleStore::place))
                    .limit(limit + 1L)
                    .toList();
            return found.size() <= limit
                    ? new SchedulePage(found, null)
                    : new SchedulePage(
                            found.subList(0, limit), place(found.get(limit - 1)).cursor());
        });
    }

    private static boolean matches(ScheduleFilter filter, ScheduleInfo schedule) {
        return (filter.status() == null || filter.status() == schedule.status())
                && (filter.type() == null
                        || filter.type().equals(schedule.spec().job().type()))
                && (filter.queue() == null
                        || filter.queue().equals(schedule.spec().job().queue()))
                && filter.within().covers(schedule.spec().job().queue())
                && (filter.name() == null
                        || filter.name().equals(schedule.spec().name()));
    }

    @Override
    public Optional<ScheduleInfo> change(UUID id, String action, Change change, Caller by) {
        return tables.locked(() -> stored(id).map(one -> {
            ScheduleInfo before = one.schedule;
            ScheduleInfo after = change.on(before, tables.now());
            if (after != before) {
                requireFreeName(after);
                one.schedule = changed(after, before.version() + 1, after.counts());
                one.lookAt = after.nextAt();
                note(by, action, id, ScheduleDescription.of(before), ScheduleDescription.of(one.schedule));
            }
            return one.schedule;
        }));
    }

    private ScheduleInfo changed(ScheduleInfo schedule, long version, ScheduleCounts counts) {
        return new ScheduleInfo(
                schedule.id(),
                version,
                schedule.spec(),
                schedule.status(),
                schedule.pause(),
                schedule.fault(),
                schedule.anchor(),
                schedule.cursor(),
                schedule.nextAt(),
                schedule.waiting(),
                counts,
                schedule.declared(),
                schedule.createdAt(),
                tables.now());
    }

    @Override
    public Optional<ScheduleInfo> delete(UUID id, Caller by) {
        return tables.locked(() -> stored(id).map(one -> {
            tables.schedules.remove(id);
            note(by, "schedule.delete", id, ScheduleDescription.of(one.schedule), Map.of());
            return one.schedule;
        }));
    }

    @Override
    public FirePage fires(UUID id, int limit, @Nullable String cursor) {
        Instant before = Place.parseInstant(cursor);
        return tables.locked(() -> {
            List<Fire> found = stored(id).stream()
                    .flatMap(one -> one.fires.headMap(before, false).descendingMap().values().stream())
                    .limit(limit + 1L)
                    .toList();
            return found.size() <= limit
                    ? new FirePage(found, null)
                    : new FirePage(
                            found.subList(0, limit),
                            found.get(limit - 1).occurrence().toString());
        });
    }

    @Override
    public Fired fire(int limit, FiringDecider decider) {
        return tables.locked(() -> {
            List<StoredSchedule> due = all().stream()
                    .filter(one -> one.lookAt != null && !one.lookAt.isAfter(tables.now()))
                    .sorted(Comparator.comparing((StoredSchedule one) -> Objects.requireNonNull(one.lookAt))
                            .thenComparing(one -> one.schedule.id(), Tables.BY_ID))
                    .limit(limit)
                    .toList();
            List<Inserted.Stored> jobs = new ArrayList<>();
            Duration latest = Duration.ZERO;
            for (StoredSchedule one : due) {
                Firing firing = decider.decide(new Due(one.schedule, tables.now(), before(one)));
                if (!jobs.isEmpty() && jobs.size() + firing.made().size() > Firing.MOST) {
                    break;
                }
                for (Firing.Occurrence made : firing.made()) {
                    Inserted.Stored job = fire(one, made, false);
                    if (job != null) {
                        jobs.add(job);
                        one.lastJob = job.id();
                        Duration lag = Duration.between(made.at(), tables.now());
                        latest = lag.compareTo(latest) > 0 ? lag : latest;
                    }
                }
                move(one, firing);
            }
            return new Fired(due.size(), jobs, next(), latest);
        });
    }

    private Due.@Nullable Before before(StoredSchedule one) {
        StoredJob job = one.lastJob == null ? null : tables.jobs.get(one.lastJob);
        if (job == null) {
            return null;
        }
        StoredSession session = job.grant == null ? null : tables.sessions.get(job.grant.session());
        boolean held = job.grant == null || (session != null && !tables.isLapsed(session, tables.now()));
        return new Due.Before(!job.status.isFinal() && held, job.finishedAt);
    }

    /** The job of an occurrence, unless that occurrence has one. */
    private Inserted.@Nullable Stored fire(StoredSchedule one, Firing.Occurrence made, boolean manual) {
        if (one.fires.containsKey(made.at())) {
            return null;
        }
        if (!(new Insertion(tables).run(List.of(made.job()), false).getFirst() instanceof Inserted.Stored job)) {
            throw new IllegalStateException("the job of an occurrence was not stored: " + made);
        }
        one.fires.put(made.at(), new Fire(made.at(), tables.now(), job.id(), made.coalesced(), manual));
        one.schedule = one.schedule.counted(new ScheduleCounts(1, 0, 0, 0));
        return job;
    }

    private void move(StoredSchedule one, Firing firing) {
        ScheduleInfo old = one.schedule;
        ScheduleCounts more = firing.more();
        ScheduleInfo moved = new ScheduleInfo(
                old.id(),
                old.version(),
                old.spec(),
                firing.status(),
                null,
                firing.fault(),
                firing.anchor(),
                firing.cursor(),
                firing.nextAt(),
                firing.waiting(),
                old.counts().plus(new ScheduleCounts(0, more.coalesced(), more.skipped(), more.overlapped())),
                old.declared(),
                old.createdAt(),
                firing.status() == ScheduleStatus.ACTIVE ? old.updatedAt() : tables.now());
        one.schedule = moved;
        one.lookAt = firing.nextAt() == null || firing.lookIn() == null
                ? firing.nextAt()
                : tables.now().plus(firing.lookIn());
    }

    @Override
    public Optional<Fired> runNow(UUID id, FireByHand job, Caller by) {
        return tables.locked(() -> stored(id).map(one -> {
            Instant at = tables.now();
            while (one.fires.containsKey(at)) {
                at = at.plusNanos(1_000);
            }
            Inserted.Stored stored =
                    Objects.requireNonNull(fire(one, new Firing.Occurrence(at, 0, job.job(one.schedule, at)), true));
            note(
                    by,
                    "schedule.run_now",
                    id,
                    Map.of(),
                    Map.of("job_id", stored.id().toString()));
            return new Fired(1, List.of(stored), null, Duration.ZERO);
        }));
    }

    @Override
    public @Nullable Duration untilNext() {
        return tables.locked(() -> Optional.ofNullable(next())).orElse(null);
    }

    private @Nullable Duration next() {
        return all().stream()
                .map(one -> one.lookAt)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(tables.now(), at))
                .orElse(null);
    }

    @Override
    public int zonesAre(String version) {
        return tables.locked(() -> {
            if (version.equals(tables.zones)) {
                return 0;
            }
            tables.zones = version;
            int moved = 0;
            for (StoredSchedule one : all()) {
                if (one.lookAt != null && one.schedule.spec().timing().rule() instanceof ScheduleRule.Cron) {
                    one.lookAt = tables.now();
                    moved++;
                }
            }
            return moved;
        });
    }

    @Override
    public List<ScheduleInfo> declared(String by, Set<String> names, QueueSet within) {
        return tables.locked(() -> {
            List<ScheduleInfo> missing = new ArrayList<>();
            for (StoredSchedule one : all()) {
                ScheduleInfo.Declared declared = one.schedule.declared();
                if (declared == null
                        || !declared.by().equals(by)
                        || !within.covers(one.schedule.spec().job().queue())) {
                    continue;
                }
                boolean there = names.contains(one.schedule.spec().name());
                Instant since = there ? null : Objects.requireNonNullElse(declared.missingSince(), tables.now());
                one.schedule = one.schedule.declaredBy(new ScheduleInfo.Declared(by, since));
                if (!there) {
                    missing.add(one.schedule);
                }
            }
            missing.sort(Comparator.comparing(
                    schedule -> Objects.requireNonNull(schedule.spec().name())));
            return missing;
        });
    }

    @Override
    public int forget(Term term, Duration retention, int limit) {
        return tables.locked(() -> {
            if (!leadership.holds(term)) {
                return 0;
            }
            Instant until = tables.now().minus(retention);
            int gone = 0;
            for (StoredSchedule one : List.copyOf(all())) {
                for (Fire fire : List.copyOf(one.fires.values())) {
                    if (gone < limit && fire.firedAt().isBefore(until)) {
                        one.fires.remove(fire.occurrence());
                        gone++;
                    }
                }
                ScheduleInfo schedule = one.schedule;
                if (gone < limit
                        && schedule.status() == ScheduleStatus.ENDED
                        && schedule.spec().name() == null
                        && schedule.updatedAt().isBefore(until)) {
                    tables.schedules.remove(schedule.id());
                    gone++;
                }
            }
            return gone;
        });
    }
}
