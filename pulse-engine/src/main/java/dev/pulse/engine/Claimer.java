package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.Scope;
import dev.pulse.store.Claim;
import dev.pulse.store.Hints;
import dev.pulse.store.JobStore;
import dev.pulse.store.LimitedClaim;
import dev.pulse.store.LimitedGrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims work for the sessions of this server. Stop 5 of the path; one agent a server, never one a worker (E7), sized by the
 * credits that workers granted. Keeps I2 and I4 through the store; a lost signal, bound or answer costs time and no job.
 *
 * <p>Sessions that serve the same types and queues form a group, and one claim serves the group: its slots go round the
 * sessions, so that work spreads. While claims come back full the claimer does not wait. A group whose claim came back short
 * is <em>dry</em>: fresh credits alone do not make it ask again, only a signal or the poll does; so a worker that finishes
 * one job at a time costs no claim that finds nothing. The poll waits longer and longer while nothing comes, and is what
 * remains true when every signal is lost (E14).
 *
 * <p>Jobs that lost their worker twice are claimed apart, at most one for a session that holds none, so that innocents are
 * not buried with the killer (E6).
 *
 * <p>Lanes that are paused are not asked for, and each claim names the version of the switches that it was made for: one
 * that begins after a pause was answered is granted nothing, whether this server has heard of it or not.
 */
final class Claimer implements Agent {
    private static final long SUSPECTS_EVERY = Duration.ofSeconds(1).toNanos();
    /** Nothing is known of the sizes yet: a careful start for the first claim. */
    private static final long FIRST_GUESS = 256 * 1024;

    private final JobStore store;
    private final SessionRegistry sessions;
    private final LaneSignals signals;
    private final LaneBook book;
    private final SwitchBoard board;
    private final Dispatcher dispatcher;
    private final ClaimConfig config;
    private final BooleanSupplier draining;
    private final LongSupplier ticker;
    private final Counters counters;
    private boolean lanesStale = true;
    private long lanesAt;
    private long pollAt;
    private long idle;
    private long payloadGuess = FIRST_GUESS;
    private boolean hungry;
    private boolean gather;
    private long nextDeadline = Long.MAX_VALUE;
    private long opensIn = Long.MAX_VALUE;

    Claimer(
            JobStore store,
            SessionRegistry sessions,
            LaneSignals signals,
            LaneBook book,
            SwitchBoard board,
            Dispatcher dispatcher,
            ClaimConfig config,
            BooleanSupplier draining,
            LongSupplier ticker,
            Counters counters) {
        this.store = store;
        this.sessions = sessions;
        this.signals = signals;
        this.book = book;
        this.board = board;
        this.dispatcher = dispatcher;
        this.config = config;
        this.draining = draining;
        this.ticker = ticker;
        this.counters = counters;
        this.idle = config.pollMin().toNanos();
        this.lanesAt = ticker.getAsLong();
        this.pollAt = lanesAt;
    }

    @Override
    public String name() {
        return "claimer";
    }

    @Override
    public long rest() {
        return gather ? config.spacing().toNanos() : 0;
    }

    @Override
    public long patience(int done) {
        if (hungry) {
            return 0;
        }
        long now = ticker.getAsLong();
        long most = Math.min(until(pollAt, now), Math.min(until(board.readAt(), now), opensIn));
        return Math.max(0, Math.min(most, nextDeadline));
    }

    private long until(long moment, long now) {
        return moment - now > 0 ? moment - now : config.pollMax().toNanos();
    }

    /** One claim for each group that wants work; returns how many jobs were granted. */
    @Override
    public int step() {
        long now = ticker.getAsLong();
        hungry = false;
        gather = false;
        opensIn = Long.MAX_VALUE;
        takeSignals(now);
        if (draining.getAsBoolean()) {
            answerPolls(now, true, null);
            return 0;
        }
        RuntimeException trouble = null;
        int granted = 0;
        try {
            granted = claimForAll(now);
        } catch (RuntimeException e) {
            trouble = e;
        }
        answerPolls(ticker.getAsLong(), false, trouble);
        if (trouble != null) {
            throw trouble;
        }
        return granted;
    }

    private int claimForAll(long now) {
        List<DemandGroup> wanting = sessions.groups().stream()
                .filter(group -> group.demand(now) > 0)
                .toList();
        if (wanting.isEmpty()) {
            return 0;
        }
        board.refresh(now);
        refreshLanes(now);
        boolean poll = now - pollAt >= 0;
        int granted = 0;
        int left = 0;
        for (DemandGroup group : wanting) {
            lookUpLanes(group);
            boolean eager = group.eager;
            if (poll || eager || !group.view.dry || untilOpen(group, now) <= 0) {
                group.eager = false;
                granted += claimFor(group);
                boolean wants = group.demand(now) > 0;
                hungry |= wants && !group.view.dry;
                left += group.demand(now);
            }
            opensIn = Math.min(opensIn, untilOpen(group, ticker.getAsLong()));
        }
        gather = granted > 0 && left < config.batchMax();
        pace(poll, granted);
        return granted;
    }

    /** How long until a limit of the group is worth asking again. */
    private long untilOpen(DemandGroup group, long now) {
        return board.untilOpen(group.view.limits.values(), now, Long.MAX_VALUE);
    }

    private void pace(boolean polled, int granted) {
        if (granted > 0) {
            idle = config.pollMin().toNanos();
        } else if (polled) {
            idle = Math.min(idle * 2, config.pollMax().toNanos());
        } else {
            return;
        }
        pollAt = ticker.getAsLong() + idle;
    }

    // ---- what is known of the lanes ----

    private void takeSignals(long now) {
        signals.take().forEach((number, seq) -> {
            if (number == LaneSignals.SWITCHES) {
                board.changed();
                return;
            }
            LaneBook.Entry entry = book.lowered(number, seq);
            if (entry == null) {
                lanesStale = true;
            } else if (board.ready(number, now)) {
                sessions.groups().forEach(group -> wet(group, entry));
            }
        });
        for (int number : signals.takeFreed()) {
            board.freed(number);
            LaneBook.Entry entry = book.lowered(number, Hints.AT_THE_END);
            if (entry != null) {
                sessions.groups().forEach(group -> wet(group, entry));
            }
        }
    }

    private static void wet(DemandGroup group, LaneBook.Entry entry) {
        if (group.key.serves(entry.lane.type(), entry.lane.queue())) {
            group.view.dry = false;
            group.view.suspectsReady |= entry.lane.suspect();
        }
    }

    private void refreshLanes(long now) {
        if (lanesStale || now - lanesAt >= 0) {
            book.refresh(store.lanes(), now);
            lanesStale = false;
            lanesAt = now + config.lanesEvery().toNanos();
        }
    }

    private void lookUpLanes(DemandGroup group) {
        DemandGroup.View view = group.view;
        boolean switched = view.switchesVersion != board.version();
        if (!switched && view.lanesVersion == book.version()) {
            return;
        }
        int before = view.lanes.size() + view.suspects.size();
        view.lanes = running(book.matching(group.key, false));
        view.suspects = running(book.matching(group.key, true));
        view.limits = board.limits(all(view));
        view.lanesVersion = book.version();
        view.switchesVersion = board.version();
        if (switched || view.lanes.size() + view.suspects.size() != before) {
            view.dry = false;
            view.suspectsReady = true;
        }
    }

    private List<LaneBook.Entry> running(List<LaneBook.Entry> lanes) {
        return lanes.stream().filter(entry -> !board.isPaused(entry.lane)).toList();
    }

    private static List<LaneBook.Entry> all(DemandGroup.View view) {
        List<LaneBook.Entry> all = new ArrayList<>(view.lanes);
        all.addAll(view.suspects);
        return all;
    }

    // ---- claims ----

    private int claimFor(DemandGroup group) {
        List<SessionState> members = group.members;
        members.forEach(SessionState::pollsSeen);
        try {
            return claimSuspects(group, members) + claimOthers(group, members);
        } finally {
            members.forEach(SessionState::pollsTried);
        }
    }

    private int claimOthers(DemandGroup group, List<SessionState> members) {
        List<SessionState> slots = slots(group, members, ticker.getAsLong());
        int found = group.view.lanes.isEmpty() || slots.isEmpty() ? 0 : claim(group.view, group.view.lanes, slots);
        group.view.dry = found == 0 || found < slots.size();
        return found;
    }

    private int claimSuspects(DemandGroup group, List<SessionState> members) {
        DemandGroup.View view = group.view;
        long now = ticker.getAsLong();
        if (view.suspects.isEmpty() || !(view.suspectsReady || now - view.suspectsAt >= 0)) {
            return 0;
        }
        List<SessionState> slots = members.stream()
                .filter(member -> member.demand(now) > 0 && !member.holdsSuspect())
                .limit(config.batchMax())
                .toList();
        if (slots.isEmpty()) {
            return 0;
        }
        int found = claim(view, view.suspects, slots);
        view.suspectsReady = found == slots.size();
        view.suspectsAt = now + SUSPECTS_EVERY;
        return found;
    }

    /** One slot for each session in turn, beginning behind where the last round stopped, until the demand or batch is met. */
    private List<SessionState> slots(DemandGroup group, List<SessionState> members, long now) {
        int limit = (int) Math.max(1, Math.min(config.batchMax(), config.batchBytes() / payloadGuess));
        int count = members.size();
        int[] free = new int[count];
        int open = 0;
        for (int i = 0; i < count; i++) {
            free[i] = members.get(i).demand(now);
            open += free[i] > 0 ? 1 : 0;
        }
        List<SessionState> slots = new ArrayList<>();
        int at = group.view.turn;
        while (open > 0 && slots.size() < limit) {
            at = (at + 1) % count;
            if (free[at] > 0) {
                slots.add(members.get(at));
                free[at]--;
                open -= free[at] == 0 ? 1 : 0;
            }
        }
        group.view.turn = at;
        return slots;
    }

    private int claim(DemandGroup.View view, List<LaneBook.Entry> lanes, List<SessionState> slots) {
        long from = ticker.getAsLong();
        List<LaneBook.Entry> open = view.limits.isEmpty() ? lanes : open(view, lanes, from);
        if (open.isEmpty()) {
            return 0;
        }
        Map<UUID, SessionState> members = new HashMap<>();
        List<UUID> ids = new ArrayList<>(slots.size());
        for (SessionState slot : slots) {
            members.put(slot.id, slot);
            ids.add(slot.id);
        }
        LaneBook.Plan plan = book.plan(open, from);
        counters.claims.increment();
        counters.fullScans.add(plan.scanned().size());
        List<Assignment> granted;
        try {
            granted = claim(new Claim(plan.starts(), ids, board.version()), view);
        } catch (RuntimeException e) {
            noteUnknown(members, from, e);
            throw e;
        }
        long now = ticker.getAsLong();
        book.claimed(plan, highest(granted), now, Duration.ofNanos(now - from));
        count(granted);
        return deliver(granted, members, from, now);
    }

    private List<LaneBook.Entry> open(DemandGroup.View view, List<LaneBook.Entry> lanes, long now) {
        return lanes.stream()
                .filter(entry -> board.isOpen(view.limits.getOrDefault(entry.lane.number(), Set.of()), now))
                .toList();
    }

    /** The plain claim, unless it asks for lanes under limits. */
    private List<Assignment> claim(Claim claim, DemandGroup.View view) {
        Map<Integer, Set<Scope>> limits = new HashMap<>();
        if (!view.limits.isEmpty()) {
            for (Claim.LaneStart start : claim.from()) {
                Set<Scope> of = view.limits.get(start.lane());
                if (of != null) {
                    limits.put(start.lane(), of);
                }
            }
        }
        if (limits.isEmpty()) {
            return store.claim(claim);
        }
        LimitedGrant grant = store.claimLimited(new LimitedClaim(claim, limits));
        board.claimed(grant.rooms(), grant.granted(), limits, ticker.getAsLong());
        return grant.granted();
    }

    /**
     * A claim is granted nothing when it begins after a pause; one that was under way for long may bring what was paused
     * meanwhile. That goes back, so that nothing starts later than a tick after the pause was answered.
     */
    private int deliver(List<Assignment> granted, Map<UUID, SessionState> members, long from, long now) {
        List<Assignment> late = List.of();
        if (!granted.isEmpty() && now - from >= config.lanesEvery().toNanos() / 2) {
            board.changed();
            board.refresh(now);
            late = board.paused(granted);
        }
        if (late.isEmpty()) {
            dispatcher.deliver(granted, members, now);
            return granted.size();
        }
        List<Assignment> rest = new ArrayList<>(granted);
        rest.removeAll(late);
        dispatcher.deliver(rest, members, now);
        dispatcher.giveBack(late, members);
        return rest.size();
    }

    /** Nobody knows whether the claim was committed: what the sessions hold is asked for later (E4). */
    private void noteUnknown(Map<UUID, SessionState> members, long from, RuntimeException e) {
        if (Trouble.isUnknown(e)) {
            long now = ticker.getAsLong();
            members.values().forEach(member -> member.claimUnknown(from, now));
        }
    }

    private static Map<Integer, Long> highest(List<Assignment> granted) {
        Map<Integer, Long> highest = new HashMap<>();
        for (Assignment job : granted) {
            highest.merge(job.token().lane(), job.token().seq(), Math::max);
        }
        return highest;
    }

    private void count(List<Assignment> granted) {
        counters.granted.add(granted.size());
        if (granted.isEmpty()) {
            counters.emptyClaims.increment();
            return;
        }
        counters.claimBatches.add(granted.size());
        long bytes = 0;
        for (Assignment job : granted) {
            counters.starts.add(job.waited().toNanos());
            bytes += job.facts().payload().size();
        }
        // Follows growth at once and shrinks by halves: one large batch must not be followed by a larger one.
        payloadGuess = Math.max(1, Math.max(bytes / granted.size(), payloadGuess / 2));
    }

    private void answerPolls(long now, boolean all, @Nullable RuntimeException trouble) {
        nextDeadline = sessions.answerPolls(now, all, trouble);
    }
}
