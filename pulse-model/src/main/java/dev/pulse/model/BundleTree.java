package dev.pulse.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bundle with all that is in it, checked and laid flat: each bundle stands before what it contains. No id stands in it
 * twice, so that nothing can contain itself.
 *
 * @param nodes the bundles, the outermost first
 * @param members the jobs of all of them
 */
public record BundleTree(List<Node> nodes, List<Member> members) {
    /** Most jobs in one bundle, those of the bundles in it included. */
    public static final int MAX_JOBS = 10_000;
    /** Most bundles in one, itself included. */
    public static final int MAX_BUNDLES = 1_000;
    /** How deep bundles may stand in bundles; 1 is a bundle without any. */
    public static final int MAX_DEPTH = 8;

    /**
     * One bundle.
     *
     * @param parent the bundle that it is a member of, or null for the outermost
     * @param path how its fields are named to the caller: empty for the outermost, else like {@code bundles[2].}
     */
    public record Node(BundleSubmission bundle, @Nullable UUID parent, String path) {
        /** How many members it has. */
        public int total() {
            return bundle.jobs().size() + bundle.bundles().size();
        }
    }

    /**
     * One job.
     *
     * @param bundle the id of the bundle that it is a member of
     * @param path how its fields are named to the caller, like {@code bundles[2].jobs[7].}
     */
    public record Member(Submission job, UUID bundle, String path) {}

    public BundleTree {
        nodes = List.copyOf(nodes);
        members = List.copyOf(members);
    }

    /** The outermost bundle. */
    public BundleSubmission root() {
        return nodes.getFirst().bundle();
    }

    /**
     * Checks a bundle and all in it.
     *
     * @param maxJobs most jobs that this caller may send, at most {@value #MAX_JOBS}
     * @throws PulseException naming every fault; TOO_MANY_ITEMS for too many jobs or bundles
     */
    public static BundleTree of(BundleSubmission root, int maxJobs) {
        Check check = new Check(Math.min(maxJobs, MAX_JOBS));
        check.visit(root, null, "", 1);
        if (!check.violations.isEmpty()) {
            throw PulseException.invalid(check.violations);
        }
        return new BundleTree(check.nodes, check.members);
    }

    /** One walk from the outside in. */
    private static final class Check {
        private final int maxJobs;
        private final List<Node> nodes = new ArrayList<>();
        private final List<Member> members = new ArrayList<>();
        private final List<Violation> violations = new ArrayList<>();
        private final Map<UUID, String> ids = new HashMap<>();
        private final Map<List<String>, String> keys = new HashMap<>();

        Check(int maxJobs) {
            this.maxJobs = maxJobs;
        }

        void visit(BundleSubmission bundle, @Nullable UUID parent, String path, int depth) {
            if (depth > MAX_DEPTH) {
                violation(
                        path.substring(0, path.length() - 1), "bundles may stand " + MAX_DEPTH + " deep in each other");
                return;
            }
            facts(bundle, path);
            nodes.add(new Node(bundle, parent, path));
            for (int i = 0; i < bundle.jobs().size(); i++) {
                job(bundle.jobs().get(i), bundle.id(), path + "jobs[" + i + "].");
            }
            bundle.callbacks().forEach((event, job) -> callback(job, path + event.field() + "."));
            if (members.size() > maxJobs || nodes.size() > MAX_BUNDLES) {
                throw new PulseException(
                        ErrorCode.TOO_MANY_ITEMS,
                        "a bundle holds at most " + maxJobs + " jobs and " + MAX_BUNDLES + " bundles here, those in"
                                + " its bundles included");
            }
            for (int i = 0; i < bundle.bundles().size(); i++) {
                visit(bundle.bundles().get(i), bundle.id(), path + "bundles[" + i + "].", depth + 1);
            }
        }

        private void facts(BundleSubmission bundle, String path) {
            if (!Limits.NAME.matcher(bundle.type()).matches()) {
                violation(path + "type", Text.nameFault(bundle.type()));
            }
            String origin = bundle.origin();
            if (origin != null
                    && (origin.isEmpty()
                            || origin.codePointCount(0, origin.length()) > Limits.MAX_ORIGIN
                            || !Text.isStorable(origin))) {
                violation(
                        path + "origin",
                        "1 to " + Limits.MAX_ORIGIN + " characters are allowed, got " + Text.shown(origin));
            }
            if (!Ids.isUsable(bundle.id())) {
                violation(path + "id", Ids.fault(bundle.id().toString()));
            }
            if (bundle.jobs().isEmpty() && bundle.bundles().isEmpty()) {
                violation(path + "jobs", "a bundle has at least one member");
            }
            unique(bundle.id(), path + "id", "a bundle can neither contain itself nor be in two places");
        }

        private void job(Submission job, UUID bundle, String path) {
            members.add(new Member(job, bundle, path));
            unique(job.id(), path + "id", "each member has an id of its own");
            JobKey key = job.key();
            if (key != null) {
                String first = keys.putIfAbsent(List.of(job.type(), key.value()), path + "key");
                if (first != null) {
                    violation(path + "key", "is that of " + first + ", too: the two would be one job");
                }
            }
        }

        private void callback(Submission job, String path) {
            unique(job.id(), path + "id", "a callback is no member");
            if (job.key() != null) {
                violation(path + "key", "a callback takes none: it becomes one job at most by itself");
            }
        }

        private void unique(UUID id, String place, String why) {
            String first = ids.putIfAbsent(id, place);
            if (first != null) {
                violation(place, id + " is " + first + ", too: " + why);
            }
        }

        private void violation(String field, String message) {
            violations.add(new Violation(field, message));
        }
    }

    /** What makes two bundles the same: types, origins and callbacks, and the content of the members in their order. */
    public UUID contentHash() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
        update(digest, root());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static void update(MessageDigest digest, BundleSubmission bundle) {
        update(digest, bundle.type());
        update(digest, bundle.origin() == null ? "" : bundle.origin());
        update(digest, bundle.jobs().size());
        bundle.jobs().forEach(job -> update(digest, job.contentHash()));
        for (BundleEvent event : BundleEvent.values()) {
            Submission callback = bundle.callbacks().get(event);
            update(digest, callback == null ? new UUID(0, 0) : callback.contentHash());
        }
        update(digest, bundle.bundles().size());
        bundle.bundles().forEach(inner -> update(digest, inner));
    }

    private static void update(MessageDigest digest, UUID value) {
        digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .flip());
    }

    /** The length leads, so that no two lists of fields have the same bytes. */
    private static void update(MessageDigest digest, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        update(digest, bytes.length);
        digest.update(bytes);
    }

    private static void update(MessageDigest digest, int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }
}
