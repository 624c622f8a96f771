package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobKey;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.store.Inserted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores batches of submissions. Stop 3 of the path; runs on the caller's thread. Keeps I1, P6.
 *
 * <p>A batch without keys is one statement. With keys it is a transaction: the keys are taken first, in key order, then the
 * jobs of those that got one are stored. Equal ids or keys <em>within</em> a batch go in rounds: the first of each in this
 * round, the rest in the next, where they meet it as they would meet any other.
 */
final class JobInserter {
    private final Database database;
    private final LaneRegistry lanes;
    private final Home home;
    private final KeyKeeper keys;

    JobInserter(Database database, LaneRegistry lanes, Home home) {
        this.database = database;
        this.lanes = lanes;
        this.home = home;
        this.keys = new KeyKeeper();
    }

    List<Inserted> insert(List<Submission> batch, boolean atomic) {
        lanes.ensure(laneKeys(batch));
        List<List<Place>> rounds = rounds(batch);
        boolean plain = !atomic && rounds.size() == 1 && batch.stream().allMatch(job -> job.key() == null);
        Database.Work<List<Inserted>> work = calls -> insertRounds(calls, batch.size(), rounds, atomic);
        return plain ? database.write(work) : database.transact(work);
    }

    /**
     * The same inside a transaction of the caller's, which goes on after it: a batch without keys is one statement, and
     * what a refusal leaves behind is taken away again.
     */
    List<Inserted> insertInto(Database.Calls calls, List<Submission> batch) throws SQLException {
        lanes.ensure(laneKeys(batch)); // on a connection of our own, committed before
        List<Inserted> answers = insertRounds(calls, batch.size(), rounds(batch), false);
        if (answers.stream().anyMatch(Inserted.Refused.class::isInstance)) {
            List<UUID> stored = answers.stream()
                    .filter(Inserted.Stored.class::isInstance)
                    .map(answer -> ((Inserted.Stored) answer).id())
                    .toList();
            calls.sql(Statement.JOB_DELETE).setUuids("ids", stored).list(row -> Sql.uuid(row, "id"));
            refuseAllForOne(answers);
        }
        return answers;
    }

    private static List<LaneRegistry.Key> laneKeys(List<Submission> batch) {
        return batch.stream().map(LaneRegistry.Key::of).distinct().toList();
    }

    /**
     * Stores jobs inside the caller's transaction, each alone or not at all.
     *
     * @return one answer per job, in their order
     */
    List<Inserted> insertWithin(Database.Calls calls, List<Submission> jobs) throws SQLException {
        lanes.ensure(laneKeys(jobs)); // another replica may have registered them
        return insertRounds(calls, jobs.size(), rounds(jobs), false);
    }

    /** One submission and where in the batch it stood. */
    private record Place(int index, Submission job) {}

    private static List<List<Place>> rounds(List<Submission> batch) {
        List<List<Place>> rounds = new ArrayList<>();
        Map<Object, Integer> nextRound = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            Submission job = batch.get(i);
            int round = nextRound.getOrDefault(job.id(), 0);
            JobKey key = job.key();
            List<String> scoped = key == null ? List.of() : List.of(job.type(), key.value());
            if (key != null) {
                round = Math.max(round, nextRound.getOrDefault(scoped, 0));
                nextRound.put(scoped, round + 1);
            }
            nextRound.put(job.id(), round + 1);
            while (rounds.size() <= round) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(new Place(i, job));
        }
        return rounds;
    }

    private List<Inserted> insertRounds(Database.Calls calls, int size, List<List<Place>> rounds, boolean atomic)
            throws SQLException {
        @Nullable Inserted[] answers = new Inserted[size];
        for (List<Place> round : rounds) {
            insertRound(calls, round, answers);
        }
        List<Inserted> inserted =
                Arrays.stream(answers).map(Objects::requireNonNull).toList();
        if (atomic) {
            refuseAllForOne(inserted);
        }
        return inserted;
    }

    private void insertRound(Database.Calls calls, List<Place> round, @Nullable Inserted[] answers)
            throws SQLException {
        List<Place> keyed =
                round.stream().filter(place -> place.job().key() != null).toList();
        if (!keyed.isEmpty()) {
            answerKnown(calls, keyed, answers); // a repeat by id must not touch the key
            takeKeys(calls, open(keyed, answers), answers);
        }
        List<Place> free = open(round, answers);
        if (!free.isEmpty()) {
            store(calls, free, answers);
            answerKnown(calls, open(free, answers), answers);
        }
    }

    private static List<Place> open(List<Place> places, @Nullable Inserted[] answers) {
        return places.stream().filter(place -> answers[place.index()] == null).toList();
    }

    /** Answers those whose key is another's; who stays open holds its key. */
    private void takeKeys(Database.Calls calls, List<Place> places, @Nullable Inserted[] answers) throws SQLException {
        List<KeyKeeper.Wish> wishes =
                places.stream().map(place -> KeyKeeper.Wish.of(place.job())).toList();
        List<KeyKeeper.@Nullable Holder> holders = keys.take(calls, wishes);
        for (int i = 0; i < places.size(); i++) {
            KeyKeeper.Holder holder = holders.get(i);
            if (holder != null) {
                answers[places.get(i).index()] = heldBy(holder, wishes.get(i));
            }
        }
    }

    private static Inserted heldBy(KeyKeeper.Holder holder, KeyKeeper.Wish wish) {
        if (holder.contentHash().equals(wish.contentHash())) {
            return new Inserted.Duplicate(holder.jobId());
        }
        return new Inserted.Refused(PulseException.of(
                ErrorCode.KEY_CONFLICT,
                List.of(new Violation(
                        "key",
                        "\"" + wish.key() + "\" is held by job " + holder.jobId() + " of type " + wish.type()
                                + " with other content"))));
    }

    private void store(Database.Calls calls, List<Place> places, @Nullable Inserted[] answers) throws SQLException {
        Map<UUID, Place> offered = new HashMap<>();
        places.forEach(place -> offered.put(place.job().id(), place));
        List<Submission> jobs = places.stream().map(Place::job).toList();
        List<Long> transaction = new ArrayList<>(1);
        List<Boolean> stored = JobColumns.bindWhole(calls.sql(Statement.JOB_INSERT), jobs, lanes)
                .set("identity", home.identity())
                .set("database", home.database())
                .setColumn("queues", "text", jobs, Submission::queue)
                .setColumn("types", "text", jobs, Submission::type)
                .setColumn("priorities", "int4", jobs, Submission::priority)
                .list(row -> {
                    UUID id = Sql.uuid(row, "id");
                    if (row.wasNull()) {
                        transaction.add(row.getLong("transaction"));
                        return false;
                    }
                    Place place = Objects.requireNonNull(offered.get(id));
                    answers[place.index()] = stored(row, place.job(), lanes);
                    return true;
                });
        if (transaction.isEmpty()) {
            throw home.missed();
        }
        if (stored.contains(true)) {
            calls.writesIn(transaction.getFirst());
        }
    }

    /** What an inserting statement says of a job that it stored. */
    static Inserted.Stored stored(ResultSet row, Submission job, LaneRegistry lanes) throws SQLException {
        Instant due = Sql.instant(row, "due_at");
        return new Inserted.Stored(
                job.id(),
                due == null ? JobStatus.PENDING : JobStatus.SCHEDULED,
                lanes.number(LaneRegistry.Key.of(job)),
                row.getLong("seq"),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                due,
                due == null ? null : Duration.ofMillis(row.getLong("due_in_ms")));
    }

    /** Answers those whose id is stored already. */
    private static void answerKnown(Database.Calls calls, List<Place> places, @Nullable Inserted[] answers)
            throws SQLException {
        if (places.isEmpty()) {
            return;
        }
        Map<UUID, UUID> hashes = new HashMap<>();
        calls.sql(Statement.JOB_KNOWN)
                .setColumn("ids", "uuid", places, place -> place.job().id())
                .list(row -> hashes.put(Sql.uuid(row, "id"), Sql.uuid(row, "content_hash")));
        for (Place place : places) {
            UUID id = place.job().id();
            UUID hash = hashes.get(id);
            if (hash == null) {
                continue;
            }
            answers[place.index()] = place.job().contentHash().equals(hash)
                    ? new Inserted.Duplicate(id)
                    : new Inserted.Refused(PulseException.of(
                            ErrorCode.ID_CONFLICT,
                            List.of(new Violation("id", id + " is the id of a job with other content"))));
        }
    }

    private static void refuseAllForOne(List<Inserted> answers) {
        int[] refused = IntStream.range(0, answers.size())
                .filter(i -> answers.get(i) instanceof Inserted.Refused)
                .toArray();
        if (refused.length == 0) {
            return;
        }
        List<Violation> violations = new ArrayList<>();
        ErrorCode code = null;
        for (int i : refused) {
            PulseException reason = ((Inserted.Refused) answers.get(i)).reason();
            code = code == null ? reason.code() : code;
            for (Violation violation : reason.violations()) {
                violations.add(new Violation("jobs[" + i + "]." + violation.field(), violation.message()));
            }
        }
        throw PulseException.of(Objects.requireNonNull(code), violations);
    }
}
