package dev.pulse.json;

import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the body that submits a bundle, as strictly as that of a job. Runs on the caller's thread. Thread-safe. */
public final class BundleReader {
    private static final Set<String> BUNDLE = SystemShapes.BUNDLE_REQUEST.names();

    private final SubmissionReader submissions;
    private final IdSource ids;

    /** @param ids gives the ids of bundles that callers leave out */
    public BundleReader(SubmissionReader submissions, IdSource ids) {
        this.submissions = submissions;
        this.ids = ids;
    }

    /**
     * Reads {@code {"type", "origin", "jobs": [...], "bundles": [...], "on_complete": job, ...}}.
     *
     * @throws PulseException naming every fault of the bundle and of all in it, as {@code bundles[0].jobs[7].priority}
     */
    public BundleTree read(byte[] body) {
        Faults faults = new Faults();
        Reading reading = new Reading();
        BundleSubmission bundle = Envelope.read(body, BUNDLE, faults, in -> reading.bundle(in, faults, ""));
        if (!reading.faults.isEmpty()) {
            throw faults.refusal(reading.with(faults.invalid()), reading.code);
        }
        faults.raise();
        return BundleTree.of(bundle, Limits.MAX_BATCH);
    }

    /** One body. */
    private final class Reading {
        private final List<Violation> faults = new ArrayList<>();
        private ErrorCode code = ErrorCode.PAYLOAD_TOO_LARGE;
        private int jobs;

        List<Violation> with(List<Violation> others) {
            List<Violation> all = new ArrayList<>(others);
            all.addAll(faults);
            if (!others.isEmpty()) {
                code = ErrorCode.INVALID_FIELD;
            }
            return all;
        }

        BundleSubmission bundle(ObjectReader in, Faults own, String path) {
            UUID[] id = new UUID[1];
            String[] texts = new String[2];
            List<Submission> members = new ArrayList<>();
            List<BundleSubmission> bundles = new ArrayList<>();
            Map<BundleEvent, Submission> callbacks = new EnumMap<>(BundleEvent.class);
            for (String field = in.next(); field != null; field = in.next()) {
                switch (field) {
                    case "id" -> in.id(value -> id[0] = value);
                    case "type" -> in.text(value -> texts[0] = value);
                    case "origin" -> in.text(value -> texts[1] = value);
                    case "jobs" -> members.addAll(jobs(in, path));
                    case "bundles" -> bundles.addAll(bundles(in, own, path));
                    default -> {
                        Submission job = job(in, path + field);
                        if (job != null) {
                            callbacks.put(BundleEvent.fromField(field).orElseThrow(), job);
                        }
                    }
                }
            }
            if (!in.saw("type")) {
                own.required("type");
            }
            return new BundleSubmission(
                    id[0] == null ? ids.next() : id[0],
                    texts[0] == null ? "" : texts[0],
                    texts[1],
                    members,
                    bundles,
                    callbacks);
        }

        private List<Submission> jobs(ObjectReader in, String path) {
            List<Submission> read = new ArrayList<>();
            int[] n = new int[1];
            in.each(Integer.MAX_VALUE, () -> {
                if (jobs++ == Limits.MAX_BATCH) {
                    throw PulseException.of(
                            ErrorCode.TOO_MANY_ITEMS,
                            List.of(new Violation(
                                    "jobs",
                                    "more than " + Limits.MAX_BATCH
                                            + " jobs in one bundle, those of its bundles included")));
                }
                Submission job = job(in, path + "jobs[" + n[0]++ + "]");
                if (job != null) {
                    read.add(job);
                }
            });
            return read;
        }

        private List<BundleSubmission> bundles(ObjectReader in, Faults own, String path) {
            List<BundleSubmission> read = new ArrayList<>();
            int[] n = new int[1];
            in.each(BundleTree.MAX_BUNDLES, () -> {
                String place = "bundles[" + n[0]++ + "].";
                ObjectReader inner = in.object(BUNDLE);
                if (inner != null) {
                    read.add(bundle(inner, own.under(place), path + place));
                }
            });
            return read;
        }

        private @Nullable Submission job(ObjectReader in, String path) {
            try {
                return submissions.readValue(in);
            } catch (PulseException e) {
                e.violations()
                        .forEach(fault -> faults.add(new Violation(
                                fault.field().isEmpty() ? path : path + "." + fault.field(), fault.message())));
                // What the caller can mend goes before what is merely too large.
                code = code == ErrorCode.PAYLOAD_TOO_LARGE ? e.code() : code;
                return null;
            }
        }
    }
}
