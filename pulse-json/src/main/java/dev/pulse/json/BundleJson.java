package dev.pulse.json;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundlePage;

/** Bundles as JSON. What a bundle does not have is null. */
public final class BundleJson {
    private BundleJson() {}

    public static byte[] bundle(Bundle bundle) {
        return Out.object(out -> write(out, bundle));
    }

    /** The answer to a submission that found its bundle there. */
    public static byte[] duplicate(Bundle bundle) {
        return Out.object(out -> {
            write(out, bundle);
            out.bool("duplicate", true);
        });
    }

    public static byte[] page(BundlePage page) {
        return Out.page(page.items(), page.nextCursor(), BundleJson::write);
    }

    private static void write(Out out, Bundle bundle) {
        out.text("id", bundle.id().toString());
        out.text("type", bundle.type());
        out.text("origin", bundle.origin());
        out.text(
                "parent_id",
                bundle.parentId() == null ? null : bundle.parentId().toString());
        out.text("status", bundle.status().wireName());
        BundleCounts counts = bundle.counts();
        out.number("total", counts.total());
        out.number("unfinished", counts.unfinished());
        out.number("completed", counts.completed());
        out.number("dead_lettered", counts.deadLettered());
        out.number("canceled", counts.canceled());
        for (BundleEvent event : BundleEvent.values()) {
            bundle.callbacks().stream()
                    .filter(callback -> callback.event() == event)
                    .findFirst()
                    .ifPresentOrElse(
                            callback -> out.object(event.field(), fields -> {
                                fields.text("job_id", callback.jobId().toString());
                                fields.text("type", callback.type());
                                fields.instant("submitted_at", callback.submittedAt());
                            }),
                            () -> out.nothing(event.field()));
        }
        out.instant("created_at", bundle.createdAt());
        out.instant("finished_at", bundle.finishedAt());
    }
}
