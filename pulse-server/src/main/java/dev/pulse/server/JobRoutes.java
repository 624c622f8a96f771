package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.json.BatchRequest;
import dev.pulse.json.JobJson;
import dev.pulse.json.JobJson.Submitted;
import dev.pulse.json.ListQuery;
import dev.pulse.json.RequestReader;
import dev.pulse.json.SubmissionReader;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The REST routes about jobs. Stop 2 of the path for jobs that come over HTTP; each call on its own virtual thread. */
final class JobRoutes {
    private static final int JOB_BODY = 4 << 20;
    private static final int SMALL_BODY = 64 << 10;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final Engine engine;
    private final Acts acts;
    private final SubmissionReader submissions;

    JobRoutes(Engine engine, SubmissionReader submissions) {
        this.engine = engine;
        this.acts = new Acts(engine);
        this.submissions = submissions;
    }

    void addTo(Router router, int batchBody) {
        router.add("POST", "/jobs", Rule.inQueues(Permission.SUBMIT), Math.min(JOB_BODY, batchBody), this::submit);
        router.add("POST", "/jobs/batch", Rule.inQueues(Permission.SUBMIT), batchBody, this::submitBatch);
        router.add("GET", "/jobs", Rule.inQueues(Permission.READ), 0, this::list);
        router.add("GET", "/jobs/{id}", Rule.inQueues(Permission.READ), 0, this::get);
        router.add("DELETE", "/jobs/{id}", Rule.inQueues(Permission.OPERATE), 0, this::delete);
        router.add("GET", "/jobs/{id}/wait", Rule.inQueues(Permission.READ), 0, this::await);
        router.add(
                "POST",
                "/jobs/{id}/cancel",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, job -> acts.cancel(job.id(), job.caller())));
        router.add(
                "POST",
                "/jobs/{id}/requeue",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, job -> acts.requeue(job.id(), job.caller())));
        router.add(
                "POST",
                "/jobs/{id}/run-now",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, job -> acts.runNow(job.id(), job.caller())));
        router.add("GET", "/dlq", Rule.inQueues(Permission.READ), 0, this::deadLetters);
        router.add(
                "POST",
                "/dlq/{id}/retry",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, this::retry));
    }

    private Reply submit(Call call) {
        call.allow();
        Submission submission = submissions.read(call.body());
        Inserted inserted =
                Waiting.on(engine.submit(List.of(submission), false)).getFirst();
        return switch (submitted(submission, inserted)) {
            case Submitted.Stored stored -> Reply.created("/jobs/" + submission.id(), JobJson.submitted(stored));
            case Submitted.Duplicate duplicate -> Reply.ok(JobJson.submitted(duplicate));
            case Submitted.Refused(PulseException reason) -> throw reason;
        };
    }

    private Reply submitBatch(Call call) {
        call.allow();
        BatchRequest batch = submissions.readBatch(call.body());
        List<Submission> good = new ArrayList<>(batch.entries().size());
        for (BatchRequest.Entry entry : batch.entries()) {
            if (entry instanceof BatchRequest.Good(Submission submission)) {
                good.add(submission);
            }
        }
        Iterator<Inserted> inserted = good.isEmpty()
                ? List.<Inserted>of().iterator()
                : Waiting.on(engine.submit(good, batch.atomic())).iterator();
        List<Submitted> items = new ArrayList<>(batch.entries().size());
        for (BatchRequest.Entry entry : batch.entries()) {
            items.add(
                    switch (entry) {
                        case BatchRequest.Good(Submission submission) -> submitted(submission, inserted.next());
                        case BatchRequest.Bad(PulseException reason) -> new Submitted.Refused(reason);
                    });
        }
        return Reply.json(batch.atomic() ? 201 : 200, JobJson.batch(items));
    }

    private Submitted submitted(Submission submission, Inserted inserted) {
        return switch (inserted) {
            case Inserted.Stored stored -> new Submitted.Stored(JobJson.stored(submission, stored));
            case Inserted.Duplicate(var id) -> new Submitted.Duplicate(acts.find(id));
            case Inserted.Refused(PulseException reason) -> new Submitted.Refused(reason);
        };
    }

    private Reply list(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of());
        return page(query, query.filter());
    }

    private Reply deadLetters(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of("status"));
        return page(query, query.filter().withStatus(JobStatus.DEAD_LETTERED));
    }

    private Reply page(ListQuery query, JobFilter filter) {
        return Reply.ok(JobJson.page(engine.list(filter, query.limit(), query.cursor())));
    }

    private Reply get(Call call) {
        call.allow();
        Job job = acts.find(call.id());
        return Reply.ok(full(job));
    }

    private byte[] full(Job job) {
        return JobJson.full(job, engine.log(job.facts().id(), 0, 1).progressOf(job.attempt()), engine.waiting(job));
    }

    private Reply delete(Call call) {
        call.allow();
        return Reply.ok(JobJson.job(acts.delete(call.id(), call.caller())));
    }

    private Reply await(Call call) {
        call.allow("timeout");
        Duration patience = patience(call.query().getOrDefault("timeout", List.of()));
        Job job = Waiting.onLongCall(engine.await(call.id(), patience), patience)
                .orElseThrow(() -> Acts.notFound(call.id()));
        return Reply.json(job.status().isFinal() ? 200 : 202, full(job));
    }

    static Duration patience(List<String> given) {
        if (given.isEmpty()) {
            return DEFAULT_WAIT;
        }
        try {
            if (given.size() > 1) {
                throw new IllegalArgumentException("is given more than once");
            }
            Duration asked = Durations.parse(given.getFirst());
            return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
        } catch (IllegalArgumentException e) {
            throw PulseException.of(
                    ErrorCode.INVALID_QUERY, List.of(new Violation("timeout", String.valueOf(e.getMessage()))));
        }
    }

    private Reply act(Call call, Function<Call, Job> act) {
        call.allow();
        RequestReader.nothing(call.body());
        return Reply.ok(full(act.apply(call)));
    }

    private Job retry(Call call) {
        Job job = acts.find(call.id());
        if (job.status() != JobStatus.DEAD_LETTERED) {
            throw new PulseException(
                    ErrorCode.ILLEGAL_STATUS,
                    "job " + call.id() + " is " + job.status().wireName() + " and no dead letter");
        }
        return acts.requeue(call.id(), call.caller());
    }
}
