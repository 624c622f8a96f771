package dev.pulse.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as it was asked for. What may be in it is checked by {@link BundleTree#of}, which every store goes through.
 *
 * @param id made by the caller or by the door that took the bundle; the same id and content again is the same bundle
 * @param type names the kind of bundle for people and filters; the alphabet of job types
 * @param origin free text that names the submitter, or null
 * @param jobs its members, in their order
 * @param bundles members that are bundles themselves
 * @param callbacks what is submitted when something happens to the bundle; no members, without keys
 */
public record BundleSubmission(
        UUID id,
        String type,
        @Nullable String origin,
        List<Submission> jobs,
        List<BundleSubmission> bundles,
        Map<BundleEvent, Submission> callbacks) {
    public BundleSubmission {
        jobs = List.copyOf(jobs);
        bundles = List.copyOf(bundles);
        Map<BundleEvent, Submission> ordered = new EnumMap<>(BundleEvent.class);
        ordered.putAll(callbacks);
        callbacks = Collections.unmodifiableMap(ordered);
    }

    /** Where its jobs go, those of the bundles in it and its callbacks included. */
    public Set<String> queues() {
        Set<String> queues = new TreeSet<>();
        jobs.forEach(job -> queues.add(job.queue()));
        callbacks.values().forEach(job -> queues.add(job.queue()));
        bundles.forEach(bundle -> queues.addAll(bundle.queues()));
        return queues;
    }
}
