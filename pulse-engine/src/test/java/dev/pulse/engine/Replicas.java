package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.Hints;
import dev.pulse.store.Inserted;
import dev.pulse.store.Stores;
import dev.pulse.storememory.MemoryStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Servers on one store in memory, stepped by hand under a clock that a test moves. */
final class Replicas {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration PERIOD = Duration.ofSeconds(5);
    static final String TYPE = "email";

    final Time time = new Time();
    final Random random = new Random(42);
    final IdSource ids = new IdSource(time, random);
    final Stores memory = new MemoryStores(time, random).stores();
    final WatchedStores watched = new WatchedStores(memory);
    private final List<Consumer<Map<Integer, Long>>> hinted = new ArrayList<>();
    private int servers;

    Server server() {
        return server(EngineConfig.DEFAULT);
    }

    Server server(EngineConfig config) {
        return new Server(config, null);
    }

    /** One whose callers work inside transactions of their own. */
    Server server(CallerTransactions transactions) {
        return new Server(EngineConfig.DEFAULT, transactions);
    }

    // ---- jobs ----

    Submission job() {
        return job(builder -> builder);
    }

    Submission job(UnaryOperator<SubmissionBuilder> with) {
        return with.apply(new SubmissionBuilder(Limits.DEFAULT).type(TYPE).payload(Payload.json("{\"n\":1}")))
                .build(ids);
    }

    /** Straight into the store, as another server that gives no hint would. */
    UUID stored(Submission job) {
        memory.jobs().insert(List.of(job), true);
        return job.id();
    }

    UUID stored() {
        return stored(job());
    }

    Job find(UUID id) {
        return memory.jobs().find(id).orElseThrow();
    }

    JobStatus status(UUID id) {
        return find(id).status();
    }

    List<OutcomeKind> outcomes(UUID id) {
        return find(id).attempts().stream().map(attempt -> attempt.outcome()).toList();
    }

    // ---- sessions ----

    SessionSpec spec() {
        return spec(TYPE);
    }

    SessionSpec spec(String... types) {
        return new SessionSpec(ids.next(), "worker", Set.of(types), Set.of(), 10, LEASE);
    }

    // ---- trouble ----

    static PulseException unavailable() {
        return new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "the database is away");
    }

    static PulseException unknown() {
        return new PulseException(ErrorCode.OUTCOME_UNKNOWN, "the connection was lost during commit");
    }

    /** One server without threads. */
    final class Server {
        final Roles roles;
        private final List<Agent> agents = new ArrayList<>();

        private Server(EngineConfig config, @Nullable CallerTransactions transactions) {
            UUID id = new UUID(0, ++servers);
            int me = servers - 1;
            Hints hints = new Hints() {
                @Override
                public void announce(Map<Integer, Long> lowest) {
                    for (int i = 0; i < hinted.size(); i++) {
                        if (i != me) {
                            hinted.get(i).accept(lowest);
                        }
                    }
                }

                @Override
                public void listen(Consumer<Map<Integer, Long>> onHint) {
                    hinted.add(onHint);
                }

                @Override
                public void close() {}
            };
            roles = new Roles(
                    config,
                    watched.stores(),
                    hints,
                    new Engine.EngineRuntime(id, "server-" + servers, "test", time, time, random),
                    transactions);
            roles.lifecycle.advance(Lifecycle.Phase.RUNNING);
            hints.listen(roles.signals::hinted);
            agents.addAll(List.of(
                    roles.beacon,
                    roles.keeper,
                    roles.claimer,
                    roles.promoter,
                    roles.firer,
                    roles.sweeper,
                    roles.reconciler,
                    roles.waitRoom,
                    roles.notebook));
            agents.addAll(roles.submitters);
            agents.addAll(roles.reporters);
        }

        /** The rules, as the doors of this server see them. */
        Schedules schedules() {
            return new Schedules(
                    watched.stores().schedules(), roles.planner, roles.scheduleTimer, roles.arrivals, ids, time);
        }

        /** Turns every agent until none has anything to do. */
        void settle() {
            for (int round = 0; round < 100; round++) {
                int done = 0;
                for (Agent agent : agents) {
                    done += agent.step();
                }
                if (done == 0) {
                    return;
                }
            }
            throw new AssertionError("the agents do not come to rest");
        }

        /** As {@link #settle}, going on where a step fails, as a runner would. */
        void settleThroughTrouble() {
            for (int round = 0; round < 5; round++) {
                for (Agent agent : agents) {
                    try {
                        agent.step();
                    } catch (RuntimeException e) {
                        // the runner's border
                    }
                }
            }
        }

        void claim() {
            roles.claimer.step();
        }

        void insert() {
            roles.submitters.forEach(Agent::step);
        }

        void report() {
            roles.reporters.forEach(Agent::step);
        }

        CompletableFuture<List<Inserted>> submit(Submission... jobs) {
            return roles.submits.offer(List.of(jobs), false);
        }

        /** Submitted, committed and answered. */
        UUID submitted(Submission job) {
            CompletableFuture<List<Inserted>> answer = submit(job);
            insert();
            answer.join();
            return job.id();
        }

        WorkerSession attach(WorkerDouble worker) {
            return attach(spec(), worker);
        }

        WorkerSession attach(SessionSpec spec, WorkerDouble worker) {
            return roles.sessions.attach(spec, Set.of(), worker);
        }

        /** Connected, with that many free slots. */
        WorkerSession attach(WorkerDouble worker, int credits) {
            WorkerSession session = attach(worker);
            session.grant(credits);
            return session;
        }

        /** One heartbeat that names what is given. */
        void heartbeat(WorkerSession session, List<Assignment> held) {
            CompletableFuture<Beat> beat = session.heartbeat(
                    Set.copyOf(held.stream().map(Assignment::token).toList()));
            roles.keeper.step();
            beat.join();
        }

        EngineStats stats() {
            return roles.stats();
        }

        /** Time passes in seconds, with the agents at work and the given workers heard. */
        void live(Duration span, Runnable eachSecond) {
            for (long second = 0; second < span.toSeconds(); second++) {
                time.advance(Duration.ofSeconds(1));
                eachSecond.run();
                settle();
            }
        }
    }
}
