package dev.pulse.server;

import dev.pulse.json.BatchRequest;
import dev.pulse.json.JobJson;
import dev.pulse.json.JobJson.Submitted;
import dev.pulse.json.JobShapes;
import dev.pulse.json.ListQuery;
import dev.pulse.json.RequestReader;
import dev.pulse.json.SubmissionReader;
import dev.pulse.json.SystemShapes;
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
import java.util.UUID;
import java.util.function.BiFunction;

/** The REST routes about jobs. Stop 2 of the path for jobs that come over HTTP; each call on its own virtual thread. */
final class JobRoutes {
    private static final int JOB_BODY = 4 << 20;
    private static final int SMALL_BODY = 64 << 10;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final Desks desks;
    private final SubmissionReader submissions;

    JobRoutes(Desks desks, SubmissionReader submissions) {
        this.desks = desks;
        this.submissions = submissions;
    }

    void addTo(Router router, int batchBody) {
        router.add("POST", "/jobs", Rule.inQueues(Permission.SUBMIT), Math.min(JOB_BODY, batchBody), this::submit)
                .described("submitJob", "Submits a job")
                .reads(JobShapes.SUBMISSION, "{\"type\": \"email\", \"priority\": 1}", """
                        {"type": "email", "payload": {"to": "a@b.com"}, "delay": "5m", "tags": {"tenant": "a"}}""")
                .answers(201, JobShapes.JOB, "the job, stored")
                .answers(200, JobShapes.JOB, "the job that has this id or key already")
                .refuses(ErrorCode.ID_CONFLICT, ErrorCode.KEY_CONFLICT, ErrorCode.PAYLOAD_TOO_LARGE);
        router.add("POST", "/jobs/batch", Rule.inQueues(Permission.SUBMIT), batchBody, this::submitBatch)
                .described("submitJobs", "Submits up to 1,000 jobs, by default all or none")
                .reads(JobShapes.BATCH, """
                        {"jobs": [{"type": "email"}, {"type": "invoice", "queue": "billing"}], "atomic": true}""")
                .answers(201, JobShapes.BATCH_ANSWER, "all of them, in the order given")
                .answers(200, JobShapes.BATCH_ANSWER, "with atomic false: what became of each")
                .refuses(ErrorCode.ID_CONFLICT, ErrorCode.KEY_CONFLICT)
                .refuses(ErrorCode.PAYLOAD_TOO_LARGE, ErrorCode.TOO_MANY_ITEMS);
        filtered(router.add("GET", "/jobs", Rule.inQueues(Permission.READ), 0, this::list), Set.of())
                .described("listJobs", "Lists jobs, newest first")
                .answers(200, JobShapes.JOBS, "one page");
        filtered(router.add("GET", "/dlq", Rule.inQueues(Permission.READ), 0, this::deadLetters), Set.of("status"))
                .described("listDeadLetters", "Lists the jobs that wait for a person")
                .answers(200, JobShapes.JOBS, "one page");
        addJob(router);
        addActs(router);
    }

    /** The parameters of a list of jobs. */
    static Operation filtered(Operation operation, Set<String> except) {
        JobShapes.filter(except).forEach(field -> operation.takes(field.name(), field.schema(), field.example()));
        return operation.takesPage();
    }

    private void addJob(Router router) {
        router.add("GET", "/jobs/{id}", Rule.inQueues(Permission.READ), 0, this::get)
                .described("getJob", "A job with its attempts, and why it waits")
                .answers(200, JobShapes.JOB_IN_FULL, "the job")
                .refuses(ErrorCode.JOB_NOT_FOUND);
        router.add("DELETE", "/jobs/{id}", Rule.inQueues(Permission.OPERATE), 0, this::delete)
                .described("deleteJob", "Deletes a job that is not running")
                .answers(200, JobShapes.JOB, "the job as it was")
                .refuses(ErrorCode.JOB_NOT_FOUND, ErrorCode.ILLEGAL_STATUS);
        router.add("GET", "/jobs/{id}/wait", Rule.inQueues(Permission.READ), 0, this::await)
                .described("waitJob", "Waits until a job is final")
                .takes("timeout", JobShapes.DURATION.says("30s where it is left out, 5m at most"), "10ms")
                .answers(200, JobShapes.JOB_IN_FULL, "final")
                .answers(202, JobShapes.JOB_IN_FULL, "not final yet")
                .refuses(ErrorCode.JOB_NOT_FOUND);
    }

    private void addActs(Router router) {
        Rule operate = Rule.inQueues(Permission.OPERATE);
        acted(router.add("POST", "/jobs/{id}/cancel", operate, SMALL_BODY, call -> act(call, JobDesk::cancel)))
                .described("cancelJob", "Cancels a job; a running one is asked to stop");
        acted(router.add("POST", "/jobs/{id}/requeue", operate, SMALL_BODY, call -> act(call, JobDesk::requeue)))
                .described("requeueJob", "Runs a final job again, with a fresh budget of attempts")
                .refuses(ErrorCode.KEY_CONFLICT);
        acted(router.add("POST", "/jobs/{id}/run-now", operate, SMALL_BODY, call -> act(call, JobDesk::runNow)))
                .described("runJobNow", "Makes a job that waits for its time ready now");
        acted(router.add("POST", "/dlq/{id}/retry", operate, SMALL_BODY, call -> act(call, JobRoutes::retry)))
                .described("retryDeadLetter", "Requeues a dead letter")
                .refuses(ErrorCode.KEY_CONFLICT);
    }

    private static Operation acted(Operation operation) {
        return operation
                .mayRead(SystemShapes.NOTHING)
                .answers(200, JobShapes.JOB_IN_FULL, "the job as it is now")
                .refuses(ErrorCode.JOB_NOT_FOUND, ErrorCode.ILLEGAL_STATUS);
    }

    private Reply submit(Call call) {
        call.allow();
        Submission submission = submissions.read(call.body());
        JobDesk jobs = desks.of(call).jobs();
        Inserted inserted = Waiting.on(jobs.submit(List.of(submission), false)).getFirst();
        return switch (submitted(jobs, submission, inserted)) {
            case Submitted.Stored stored -> Reply.created("/jobs/" + submission.id(), JobJson.submitted(stored));
            case Submitted.Duplicate duplicate -> Reply.ok(JobJson.submitted(duplicate));
            case Submitted.Refused(PulseException reason) -> throw reason;
        };
    }

    private Reply submitBatch(Call call) {
        call.allow();
        BatchRequest batch = submissions.readBatch(call.body());
        JobDesk jobs = desks.of(call).jobs();
        List<Submission> good = new ArrayList<>(batch.entries().size());
        for (BatchRequest.Entry entry : batch.entries()) {
            if (entry instanceof BatchRequest.Good(Submission submission)) {
                good.add(submission);
            }
        }
        Iterator<Inserted> inserted = good.isEmpty()
                ? List.<Inserted>of().iterator()
                : Waiting.on(jobs.submit(good, batch.atomic())).iterator();
        List<Submitted> items = new ArrayList<>(batch.entries().size());
        for (BatchRequest.Entry entry : batch.entries()) {
            items.add(
                    switch (entry) {
                        case BatchRequest.Good(Submission submission) -> submitted(jobs, submission, inserted.next());
                        case BatchRequest.Bad(PulseException reason) -> new Submitted.Refused(reason);
                    });
        }
        return Reply.json(batch.atomic() ? 201 : 200, JobJson.batch(items));
    }

    private static Submitted submitted(JobDesk jobs, Submission submission, Inserted inserted) {
        return switch (inserted) {
            case Inserted.Stored stored -> new Submitted.Stored(JobJson.stored(submission, stored));
            case Inserted.Duplicate(var id) -> new Submitted.Duplicate(jobs.find(id));
            case Inserted.Refused(PulseException reason) -> new Submitted.Refused(reason);
        };
    }

    private Reply list(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of());
        return page(call, query, query.filter());
    }

    private Reply deadLetters(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of("status"));
        return page(call, query, query.filter().withStatus(JobStatus.DEAD_LETTERED));
    }

    private Reply page(Call call, ListQuery query, JobFilter filter) {
        return Reply.ok(JobJson.page(desks.of(call).jobs().list(filter, query.limit(), query.cursor())));
    }

    private Reply get(Call call) {
        call.allow();
        JobDesk jobs = desks.of(call).jobs();
        return Reply.ok(full(jobs, jobs.find(call.id())));
    }

    private static byte[] full(JobDesk jobs, Job job) {
        return JobJson.full(job, jobs.progress(job), jobs.waiting(job));
    }

    private Reply delete(Call call) {
        call.allow();
        return Reply.ok(JobJson.job(desks.of(call).jobs().delete(call.id())));
    }

    private Reply await(Call call) {
        call.allow("timeout");
        Duration patience = patience(call.query().getOrDefault("timeout", List.of()));
        JobDesk jobs = desks.of(call).jobs();
        Job job = Waiting.onLongCall(jobs.await(call.id(), patience), patience);
        return Reply.json(job.status().isFinal() ? 200 : 202, full(jobs, job));
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

    private Reply act(Call call, BiFunction<JobDesk, UUID, Job> act) {
        call.allow();
        RequestReader.nothing(call.body());
        JobDesk jobs = desks.of(call).jobs();
        return Reply.ok(full(jobs, act.apply(jobs, call.id())));
    }

    private static Job retry(JobDesk jobs, UUID id) {
        Job job = jobs.find(id);
        if (job.status() != JobStatus.DEAD_LETTERED) {
            throw new PulseException(
                    ErrorCode.ILLEGAL_STATUS,
                    "job " + id + " is " + job.status().wireName() + " and no dead letter");
        }
        return jobs.requeue(id);
    }
}
