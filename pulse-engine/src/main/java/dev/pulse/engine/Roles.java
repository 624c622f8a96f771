package dev.pulse.engine;

import dev.pulse.model.Bundle;
import dev.pulse.model.Job;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the roles of one server and ties them together; starts and stops their threads. */
final class Roles {
    final Lifecycle lifecycle = new Lifecycle();
    final Counters counters = new Counters();
    final LaneSignals signals;
    final DueTimer timer;
    final SubmitQueue submits;
    final ReportQueue reports;
    final WaitRoom<Job> waitRoom;
    final WaitRoom<Bundle> bundleRoom;
    final Arrivals arrivals;
    final BundleFolder bundleFolder;
    final DueTimer scheduleTimer;
    final OccurrencePlanner planner;
    final ScheduleFirer firer;
    final SessionRegistry registry;
    final SessionKeeper keeper;
    final HandBack handBack;
    final Reconciler reconciler;
    final Sessions sessions;
    final Beacon beacon;
    final OutageWatch watch;
    final Claimer claimer;
    final Promoter promoter;
    final LeaseSweeper sweeper;
    final HistoryFolder folder;
    final Pruner pruner;
    final CancelPush cancels;
    final BulkRunner bulkRunner;
    final List<Submitter> submitters = new ArrayList<>();
    final List<Reporter> reporters = new ArrayList<>();
    final EventTail eventTail;
    final EventFeed events;
    final Notebook notebook;
    final DenialBook denials;
    final CensusTaker census;
    final Health health;
    final @Nullable CommitWatch commits;

    private final LongSupplier ticker;
    private final List<AgentRunner> runners = new ArrayList<>();
    /** In the order in which their steps make sense: see {@link SteppedEngine}. */
    final List<Agent> agents = new ArrayList<>();

    Roles(EngineConfig config, Stores stores, Hints hints, Engine.EngineRuntime runtime) {
        this(config, stores, hints, runtime, null);
    }

    /** With {@code transactions} where callers work inside transactions of their own. */
    Roles(
            EngineConfig config,
            Stores stores,
            Hints hints,
            Engine.EngineRuntime runtime,
            @Nullable CallerTransactions transactions) {
        ticker = runtime.ticker();
        OutcomePolicy policy = new OutcomePolicy(runtime.random());
        List<Wake> submitterWakes = wakes(config.submit().flushers());
        List<Wake> reporterWakes = wakes(config.report().flushers());
        Wake claimerWake = new Wake(ticker);
        Wake promoterWake = new Wake(ticker);
        Wake waitWake = new Wake(ticker);
        Wake keeperWake = new Wake(ticker);
        Wake reconcilerWake = new Wake(ticker);
        Wake notebookWake = new Wake(ticker);

        signals = new LaneSignals(hints, claimerWake);
        timer = new DueTimer(ticker, promoterWake);
        Wake firerWake = new Wake(ticker);
        scheduleTimer = new DueTimer(ticker, firerWake);
        planner = new OccurrencePlanner(ScheduleConfig.DEFAULT, runtime.random());
        Wake bundleRoomWake = new Wake(ticker);
        Wake bundleFolderWake = new Wake(ticker);
        waitRoom = new WaitRoom<>(WaitRoom.Subject.jobs(stores.jobs()), config.await(), ticker, waitWake);
        bundleRoom = new WaitRoom<>(WaitRoom.Subject.bundles(stores.bundles()), config.await(), ticker, bundleRoomWake);
        arrivals = new Arrivals(signals, timer);
        submits = new SubmitQueue(config.submit(), counters, submitterWakes);
        reports = new ReportQueue(config.report(), reporterWakes);
        SwitchBoard board = new SwitchBoard(stores.switches(), config.claim(), ticker);
        watch = new OutageWatch(config.lease(), ticker);
        beacon = new Beacon(stores.servers(), runtime, config.lease(), watch, counters);
        bundleFolder = new BundleFolder(
                stores.bundles(),
                beacon,
                arrivals,
                bundleRoom,
                BundleConfig.DEFAULT,
                ticker,
                bundleFolderWake,
                counters);
        Aftermath aftermath = new Aftermath(signals, timer, waitRoom, board::isLimited, bundleFolder, counters);

        LaneBook book = new LaneBook(config.claim().scan(), ticker.getAsLong());
        handBack = new HandBack(reports, config.report(), counters);
        registry = new SessionRegistry(config.session().sessionsMax());
        keeper = new SessionKeeper(
                stores.sessions(),
                config.lease(),
                config.session().sessionsMax() * 2,
                watch,
                lifecycle::isDraining,
                state -> registry.ended(state, "its lease lapsed"),
                ticker,
                keeperWake,
                counters);
        reconciler = new Reconciler(
                stores.sessions(), registry, handBack, book::isSuspect, config.session(), ticker, reconcilerWake);
        sessions = new Sessions(
                stores.sessions(),
                registry,
                keeper,
                reports,
                handBack,
                reconciler,
                book::isSuspect,
                lifecycle,
                config.session(),
                ticker,
                claimerWake,
                counters);
        claimer = new Claimer(
                stores.jobs(),
                registry,
                signals,
                book,
                board,
                new Dispatcher(handBack),
                config.claim(),
                lifecycle::isDraining,
                ticker,
                counters);
        promoter = new Promoter(stores.jobs(), timer, beacon, signals, config.promote(), ticker, counters);
        sweeper = new LeaseSweeper(
                stores.sessions(),
                stores.servers(),
                beacon,
                watch,
                policy::decide,
                config.sweep(),
                aftermath,
                id -> registry.ended(id, "its lease lapsed"),
                ticker,
                counters);
        folder = new HistoryFolder(stores.history(), beacon, ticker);
        pruner = new Pruner(stores.history(), stores.audit(), beacon, config.retention(), ticker, counters);
        Wake bulkWake = new Wake(ticker);
        cancels = new CancelPush(stores.sessions(), registry);
        bulkRunner = new BulkRunner(stores.bulk(), BulkConfig.DEFAULT, signals, waitRoom, cancels, ticker, bulkWake);
        Wake tailWake = new Wake(ticker);
        eventTail = new EventTail(stores.events(), config.events(), tailWake);
        events = new EventFeed(stores.events(), eventTail, config.events(), ticker);
        notebook = new Notebook(stores.notes(), NoteConfig.DEFAULT, ticker, notebookWake);
        Wake denialWake = new Wake(ticker);
        denials = new DenialBook(stores.audit(), DenialConfig.DEFAULT, ticker, denialWake);
        Wake censusWake = new Wake(ticker);
        census = new CensusTaker(stores, beacon::isLeader, runtime.clock(), ticker, censusWake);
        health = new Health(lifecycle, beacon, watch, () -> runners);

        commits = transactions == null ? null : watch(transactions, aftermath);
        run(beacon, new Wake(ticker));
        run(keeper, keeperWake);
        run(claimer, claimerWake);
        run(promoter, promoterWake);
        run(sweeper, new Wake(ticker));
        run(folder, new Wake(ticker));
        run(pruner, new Wake(ticker));
        run(reconciler, reconcilerWake);
        run(waitRoom, waitWake);
        run(bundleRoom, bundleRoomWake);
        run(bundleFolder, bundleFolderWake);
        run(bulkRunner, bulkWake);
        firer = new ScheduleFirer(
                stores.schedules(),
                planner,
                scheduleTimer,
                beacon,
                arrivals,
                ScheduleConfig.DEFAULT,
                config.retention(),
                ticker,
                counters);
        run(firer, firerWake);
        run(eventTail, tailWake);
        run(new EventKeeper(stores.events(), beacon, config.events(), ticker), new Wake(ticker));
        run(notebook, notebookWake);
        run(denials, denialWake);
        run(census, censusWake);
        for (int i = 0; i < submitterWakes.size(); i++) {
            Submitter submitter =
                    new Submitter("submitter-" + (i + 1), submits, stores.jobs(), config.submit(), arrivals, counters);
            submitters.add(submitter);
            run(submitter, submitterWakes.get(i));
        }
        for (int i = 0; i < reporterWakes.size(); i++) {
            Reporter reporter = new Reporter(
                    "reporter-" + (i + 1),
                    reports,
                    stores.jobs(),
                    policy::decide,
                    config.report(),
                    aftermath,
                    counters);
            reporters.add(reporter);
            run(reporter, reporterWakes.get(i));
        }
    }

    EngineStats stats() {
        return counters.snapshot(new EngineStats.Now(
                beacon.isLeader(),
                lifecycle.isDraining(),
                registry.size(),
                waitRoom.waiters() + bundleRoom.waiters(),
                eventTail.followers(),
                eventTail.cutOff(),
                firer.lag()));
    }

    void start() {
        runners.forEach(AgentRunner::start);
    }

    void drain() {
        registry.all().forEach(SessionState::tellDrain);
        registry.answerPolls(ticker.getAsLong(), true, null);
    }

    /** Takes nothing more in, lets what was taken in be done, and ends the threads. */
    void stop(Duration within) {
        long deadline = ticker.getAsLong() + within.toNanos();
        takeNothingMore();
        while (hasWork() && ticker.getAsLong() - deadline < 0) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        runners.forEach(AgentRunner::stop);
        for (AgentRunner runner : runners) {
            runner.join(Duration.ofNanos(Math.max(1_000_000, deadline - ticker.getAsLong())));
        }
        failTheRest();
    }

    void takeNothingMore() {
        submits.close();
        reports.close();
        keeper.close();
        waitRoom.close();
        bundleRoom.close();
        eventTail.close();
        notebook.close();
    }

    boolean hasWork() {
        return !(submits.isEmpty() && reports.isEmpty() && notebook.isEmpty());
    }

    /** Tells those who wait still, when nobody will come for them any more. */
    void failTheRest() {
        submits.failAll();
        reports.failAll();
        keeper.failAll();
        reconciler.failAll();
        registry.answerPolls(ticker.getAsLong(), true, null);
        if (commits != null) {
            commits.close();
        }
    }

    private CommitWatch watch(CallerTransactions transactions, Aftermath aftermath) {
        Wake wake = new Wake(ticker);
        CommitWatch watch = new CommitWatch(transactions, signals, timer, aftermath, ticker, wake);
        run(watch, wake);
        return watch;
    }

    private List<Wake> wakes(int count) {
        List<Wake> wakes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            wakes.add(new Wake(ticker));
        }
        return wakes;
    }

    private void run(Agent agent, Wake wake) {
        agents.add(agent);
        runners.add(new AgentRunner(agent, wake, ticker, counters));
    }
}
