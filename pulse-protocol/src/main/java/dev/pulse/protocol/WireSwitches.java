package dev.pulse.protocol;

import dev.pulse.model.ExplainedJob;
import dev.pulse.model.Job;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.WaitReason;
import dev.pulse.protocol.v1.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pauses, limits, and why jobs wait, between wire and model. Pure. */
public final class WireSwitches {
    private WireSwitches() {}

    public static Wire.Switch setting(Setting setting) {
        Wire.Switch.Builder message = scope(setting.scope()).setPaused(setting.isPaused());
        if (setting.pause() != null) {
            pause(message, setting.pause());
        }
        if (setting.limits().maxRunning() != null) {
            message.setMaxRunning(setting.limits().maxRunning());
        }
        if (setting.limits().rate() != null) {
            message.setRate(setting.limits().rate());
        }
        return message.build();
    }

    private static Wire.Switch.Builder scope(Scope scope) {
        return Wire.Switch.newBuilder().setKind(scope.kind().wireName()).setName(scope.name());
    }

    private static void pause(Wire.Switch.Builder message, Pause pause) {
        message.setPaused(true).setBy(pause.by()).setSince(WireValues.timestamp(pause.since()));
        if (pause.reason() != null) {
            message.setReason(pause.reason());
        }
    }

    public static Setting setting(Wire.Switch message) {
        return new Setting(
                scope(message),
                pause(message),
                new RunLimits(
                        message.hasMaxRunning() ? message.getMaxRunning() : null,
                        message.hasRate() ? message.getRate() : null));
    }

    private static Scope scope(Wire.Switch message) {
        try {
            return new Scope(Scope.Kind.fromWire(message.getKind()), message.getName());
        } catch (IllegalArgumentException e) {
            throw PulseException.invalid("kind", String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Pause pause(Wire.Switch message) {
        return message.getPaused()
                ? new Pause(
                        message.hasReason() ? message.getReason() : null,
                        message.getBy(),
                        WireValues.instant("since", message.getSince()))
                : null;
    }

    public static Wire.Line line(LineInfo line) {
        Wire.Line.Builder message =
                Wire.Line.newBuilder().setSetting(setting(line.setting())).setCounts(WireStats.counts(line.counts()));
        if (line.oldestPending() != null) {
            message.setOldestPendingAge(WireValues.duration(line.oldestPending()));
        }
        return message.build();
    }

    public static LineInfo line(Wire.Line message) {
        return new LineInfo(
                setting(message.getSetting()),
                WireStats.counts(message.getCounts()),
                message.hasOldestPendingAge()
                        ? WireValues.duration("oldest_pending_age", message.getOldestPendingAge())
                        : null);
    }

    /** @throws PulseException where a limit is both set and taken away, or out of range */
    public static LimitChange change(Wire.SetLimitsRequest message) {
        LimitChange change = LimitChange.none();
        if (message.getClearMaxRunning() || message.hasMaxRunning()) {
            both("max_running", message.getClearMaxRunning(), message.hasMaxRunning());
            change = change.maxRunning(message.hasMaxRunning() ? message.getMaxRunning() : null);
        }
        if (message.getClearRate() || message.hasRate()) {
            both("rate", message.getClearRate(), message.hasRate());
            change = change.rate(message.hasRate() ? message.getRate() : null);
        }
        return change;
    }

    private static void both(String field, boolean cleared, boolean set) {
        if (cleared && set) {
            throw PulseException.invalid(field, "is set and taken away in one call: name one of the two");
        }
    }

    /** The change as a call for the queue or type of that name. */
    public static Wire.SetLimitsRequest change(String name, LimitChange change) {
        Wire.SetLimitsRequest.Builder message =
                Wire.SetLimitsRequest.newBuilder().setName(name);
        if (change.maxRunning() != null) {
            message.setMaxRunning(change.maxRunning());
        } else {
            message.setClearMaxRunning(change.changesMaxRunning());
        }
        if (change.rate() != null) {
            message.setRate(change.rate());
        } else {
            message.setClearRate(change.changesRate());
        }
        return message.build();
    }

    public static Wire.Job explained(Job job, List<WaitReason> waiting) {
        Wire.Job message = WireJobs.job(job);
        if (waiting.isEmpty()) {
            return message;
        }
        Wire.Job.Builder explained = message.toBuilder();
        waiting.forEach(reason -> explained.addWaiting(reason(reason)));
        return explained.build();
    }

    /** Reasons that a newer server tells and this version does not know are left out. */
    public static ExplainedJob explained(Wire.Job message) {
        return new ExplainedJob(
                WireJobs.job(message),
                message.getWaitingList().stream()
                        .flatMap(reason -> WaitReason.Code.fromWire(reason.getCode()).stream()
                                .map(code -> reason(code, reason)))
                        .toList());
    }

    private static Wire.WaitReason reason(WaitReason reason) {
        Wire.WaitReason.Builder message =
                Wire.WaitReason.newBuilder().setCode(reason.code().wireName()).setMessage(reason.message());
        if (reason.scope() != null) {
            Wire.Switch.Builder held = scope(reason.scope());
            if (reason.pause() != null) {
                pause(held, reason.pause());
            }
            message.setHeldBy(held);
        }
        if (reason.until() != null) {
            message.setUntil(WireValues.timestamp(reason.until()));
        }
        if (reason.count() != null) {
            message.setCount(reason.count());
        }
        return message.build();
    }

    private static WaitReason reason(WaitReason.Code code, Wire.WaitReason message) {
        return new WaitReason(
                code,
                message.getMessage(),
                message.hasHeldBy() ? scope(message.getHeldBy()) : null,
                message.hasHeldBy() ? pause(message.getHeldBy()) : null,
                message.hasUntil() ? WireValues.instant("until", message.getUntil()) : null,
                message.hasCount() ? message.getCount() : null);
    }
}
