package dev.pulse.protocol;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Ids;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.protocol.v1.Wire;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bundles between wire and model. Pure. What may be in a bundle is checked by {@link BundleTree}. */
public final class WireBundles {
    private WireBundles() {}

    /**
     * Reads a bundle as it is asked for.
     *
     * @param ids gives the ids that the sender left out
     * @throws PulseException naming every fault of every job, as {@code bundles[0].jobs[7].priority}
     */
    public static BundleSubmission submission(Wire.BundleSubmission message, Limits limits, IdSource ids) {
        Faults faults = new Faults();
        BundleSubmission bundle = new Reading(limits, ids, faults).bundle(message, "", 1);
        faults.throwIfAny();
        return bundle;
    }

    /** One message. */
    private static final class Reading {
        private final Limits limits;
        private final IdSource ids;
        private final Faults faults;
        private int jobs;

        Reading(Limits limits, IdSource ids, Faults faults) {
            this.limits = limits;
            this.ids = ids;
            this.faults = faults;
        }

        BundleSubmission bundle(Wire.BundleSubmission message, String path, int depth) {
            jobs += message.getJobsCount();
            if (jobs > BundleTree.MAX_JOBS) {
                throw new PulseException(
                        ErrorCode.TOO_MANY_ITEMS,
                        "more than " + BundleTree.MAX_JOBS + " jobs in one bundle, those of its bundles included");
            }
            UUID id = message.hasId() ? id(message.getId(), path) : ids.next();
            List<Submission> members = new ArrayList<>(message.getJobsCount());
            for (int i = 0; i < message.getJobsCount(); i++) {
                Submission job = job(message.getJobs(i), path + "jobs[" + i + "].");
                if (job != null) {
                    members.add(job);
                }
            }
            List<BundleSubmission> bundles = new ArrayList<>(message.getBundlesCount());
            // One level more than allowed is read, so that the tree's check can name it.
            for (int i = 0; depth <= BundleTree.MAX_DEPTH && i < message.getBundlesCount(); i++) {
                bundles.add(bundle(message.getBundles(i), path + "bundles[" + i + "].", depth + 1));
            }
            return new BundleSubmission(
                    id,
                    message.getType(),
                    message.hasOrigin() ? message.getOrigin() : null,
                    members,
                    bundles,
                    callbacks(message, path));
        }

        private Map<BundleEvent, Submission> callbacks(Wire.BundleSubmission message, String path) {
            Map<BundleEvent, Submission> callbacks = new EnumMap<>(BundleEvent.class);
            for (BundleEvent event : BundleEvent.values()) {
                Wire.Submission job = switch (event) {
                    case COMPLETE -> message.hasOnComplete() ? message.getOnComplete() : null;
                    case SUCCESS -> message.hasOnSuccess() ? message.getOnSuccess() : null;
                    case DEAD_LETTER -> message.hasOnDeadLetter() ? message.getOnDeadLetter() : null;
                };
                Submission read = job == null ? null : job(job, path + event.field() + ".");
                if (read != null) {
                    callbacks.put(event, read);
                }
            }
            return callbacks;
        }

        private @Nullable Submission job(Wire.Submission message, String path) {
            return faults.read(path, () -> WireJobs.submission(message, limits, ids));
        }

        private UUID id(String text, String path) {
            return Ids.parse(text).orElseGet(() -> {
                faults.add(path + "id", WireValues.idFault(text));
                return ids.next();
            });
        }
    }

    public static Wire.BundleSubmission submission(BundleSubmission bundle) {
        Wire.BundleSubmission.Builder message =
                Wire.BundleSubmission.newBuilder().setId(bundle.id().toString()).setType(bundle.type());
        if (bundle.origin() != null) {
            message.setOrigin(bundle.origin());
        }
        bundle.jobs().forEach(job -> message.addJobs(WireJobs.submission(job)));
        bundle.bundles().forEach(inner -> message.addBundles(submission(inner)));
        bundle.callbacks().forEach((event, job) -> {
            Wire.Submission callback = WireJobs.submission(job);
            switch (event) {
                case COMPLETE -> message.setOnComplete(callback);
                case SUCCESS -> message.setOnSuccess(callback);
                case DEAD_LETTER -> message.setOnDeadLetter(callback);
            }
        });
        return message.build();
    }

    public static Wire.Bundle bundle(Bundle bundle) {
        BundleCounts counts = bundle.counts();
        Wire.Bundle.Builder message = Wire.Bundle.newBuilder()
                .setId(bundle.id().toString())
                .setType(bundle.type())
                .setStatus(status(bundle.status()))
                .setTotal(counts.total())
                .setUnfinished(counts.unfinished())
                .setCompleted(counts.completed())
                .setDeadLettered(counts.deadLettered())
                .setCanceled(counts.canceled())
                .setCreatedAt(WireValues.timestamp(bundle.createdAt()));
        if (bundle.origin() != null) {
            message.setOrigin(bundle.origin());
        }
        if (bundle.parentId() != null) {
            message.setParentId(bundle.parentId().toString());
        }
        if (bundle.finishedAt() != null) {
            message.setFinishedAt(WireValues.timestamp(bundle.finishedAt()));
        }
        bundle.callbacks().forEach(callback -> message.addCallbacks(callback(callback)));
        return message.build();
    }

    private static Wire.BundleCallback callback(Bundle.Callback callback) {
        Wire.BundleCallback.Builder message = Wire.BundleCallback.newBuilder()
                .setEvent(callback.event().field())
                .setJobId(callback.jobId().toString())
                .setType(callback.type());
        if (callback.submittedAt() != null) {
            message.setSubmittedAt(WireValues.timestamp(callback.submittedAt()));
        }
        return message.build();
    }

    public static Bundle bundle(Wire.Bundle message) {
        BundleStatus status = status(message.getStatus());
        if (status == null) {
            throw PulseException.invalid("status", "is missing");
        }
        return new Bundle(
                WireValues.id("id", message.getId()),
                message.getType(),
                message.hasOrigin() ? message.getOrigin() : null,
                message.hasParentId() ? WireValues.id("parent_id", message.getParentId()) : null,
                status,
                new BundleCounts(
                        message.getTotal(), message.getCompleted(), message.getDeadLettered(), message.getCanceled()),
                message.getCallbacksList().stream().map(WireBundles::callback).toList(),
                WireValues.instant("created_at", message.getCreatedAt()),
                message.hasFinishedAt() ? WireValues.instant("finished_at", message.getFinishedAt()) : null);
    }

    private static Bundle.Callback callback(Wire.BundleCallback message) {
        return new Bundle.Callback(
                BundleEvent.fromField(message.getEvent())
                        .orElseThrow(() -> PulseException.invalid("event", "not known: " + message.getEvent())),
                WireValues.id("job_id", message.getJobId()),
                message.getType(),
                message.hasSubmittedAt() ? WireValues.instant("submitted_at", message.getSubmittedAt()) : null);
    }

    public static Wire.BundleFilter filter(BundleFilter filter) {
        Wire.BundleFilter.Builder message = Wire.BundleFilter.newBuilder();
        if (filter.status() != null) {
            message.setStatus(status(filter.status()));
        }
        if (filter.type() != null) {
            message.setType(filter.type());
        }
        if (filter.origin() != null) {
            message.setOrigin(filter.origin());
        }
        if (filter.parentId() != null) {
            message.setParentId(filter.parentId().toString());
        }
        if (filter.since() != null) {
            message.setSince(WireValues.timestamp(filter.since()));
        }
        if (filter.until() != null) {
            message.setUntil(WireValues.timestamp(filter.until()));
        }
        return message.build();
    }

    /**
     * Reads a filter.
     *
     * @throws PulseException naming the field at fault
     */
    public static BundleFilter filter(Wire.BundleFilter message) {
        return new BundleFilter(
                status(message.getStatus()),
                message.hasType() ? message.getType() : null,
                message.hasOrigin() ? message.getOrigin() : null,
                message.hasParentId() ? WireValues.id("parent_id", message.getParentId()) : null,
                message.hasSince() ? WireValues.instant("since", message.getSince()) : null,
                message.hasUntil() ? WireValues.instant("until", message.getUntil()) : null);
    }

    private static Wire.BundleStatus status(BundleStatus status) {
        return switch (status) {
            case OPEN -> Wire.BundleStatus.BUNDLE_STATUS_OPEN;
            case COMPLETED -> Wire.BundleStatus.BUNDLE_STATUS_COMPLETED;
            case FAILED -> Wire.BundleStatus.BUNDLE_STATUS_FAILED;
            case CANCELED -> Wire.BundleStatus.BUNDLE_STATUS_CANCELED;
        };
    }

    private static @Nullable BundleStatus status(Wire.BundleStatus status) {
        return switch (status) {
            case BUNDLE_STATUS_UNSPECIFIED -> null;
            case BUNDLE_STATUS_OPEN -> BundleStatus.OPEN;
            case BUNDLE_STATUS_COMPLETED -> BundleStatus.COMPLETED;
            case BUNDLE_STATUS_FAILED -> BundleStatus.FAILED;
            case BUNDLE_STATUS_CANCELED -> BundleStatus.CANCELED;
            case UNRECOGNIZED -> throw PulseException.invalid("status", "not a status of a bundle");
        };
    }
}
