package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.PulseException;
import dev.pulse.store.Acted;
import java.util.UUID;

/** What operators do to one job, the same at both doors: the act, then the job as it stands. Runs on the caller's thread. */
final class Acts {
    private final Engine engine;

    Acts(Engine engine) {
        this.engine = engine;
    }

    Job cancel(UUID id, Caller by) {
        return after(id, engine.cancel(id, by), "canceled");
    }

    Job requeue(UUID id, Caller by) {
        return after(id, engine.requeue(id, by), "requeued");
    }

    Job runNow(UUID id, Caller by) {
        return after(id, engine.runNow(id, by), "run now");
    }

    /** Deletes the job and returns it as it was. */
    Job delete(UUID id, Caller by) {
        Job job = find(id);
        engine.delete(id, by).orThrow(id, "deleted");
        return job;
    }

    Job find(UUID id) {
        return engine.find(id).orElseThrow(() -> notFound(id));
    }

    static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id);
    }

    private Job after(UUID id, Acted acted, String verb) {
        acted.orThrow(id, verb);
        return find(id);
    }
}
