package dev.pulse.server;

import dev.pulse.access.ApiKeys;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.ClaimRequest;
import dev.pulse.json.JsonText;
import dev.pulse.model.Assignment;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.protocol.WireEnums;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireHistory;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireSessions;
import dev.pulse.protocol.WireStats;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.store.Inserted;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the gRPC door. Stop 2 of the path for jobs that come over gRPC. Called on the connection's event loop,
 * where nothing may block: what the engine gathers answers by its future; what asks the store goes to a virtual thread.
 */
final class GrpcService extends PulseServiceGrpc.PulseServiceImplBase {
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);
    /** A page above this is asked for again with fewer jobs: clients bound what they take. */
    private static final int MAX_PAGE_BYTES = 3 << 20;

    private final Desks desks;
    private final OperatorCalls operators;
    private final GrpcLogs logs;
    private final GrpcSwitches switches;
    private final BundleCalls bundles;
    private final ScheduleCalls schedules;
    private final Limits limits;
    private final IdSource ids;
    private final Executor blocking;
    private final WorkerStreams streams;
    private final EventCalls events;
    private final String serverName;
    private final KeyCalls keys;

    GrpcService(
            Desks desks,
            Limits limits,
            IdSource ids,
            Executor blocking,
            WorkerStreams streams,
            String serverName,
            ApiKeys apiKeys) {
        this.desks = desks;
        this.operators = new OperatorCalls(desks);
        this.logs = new GrpcLogs(desks);
        this.switches = new GrpcSwitches(desks);
        this.bundles = new BundleCalls(desks, limits, ids);
        this.schedules = new ScheduleCalls(desks, limits, ids);
        this.limits = limits;
        this.ids = ids;
        this.blocking = blocking;
        this.streams = streams;
        this.events = new EventCalls(desks, blocking);
        this.serverName = serverName;
        this.keys = new KeyCalls(apiKeys);
    }

    @Override
    public void submitJob(Wire.SubmitJobRequest request, StreamObserver<Wire.SubmitJobResponse> out) {
        orRefuse(out, () -> {
            Submission submission = submission(request.getJob());
            answer(
                    out,
                    submit(List.of(submission), false),
                    inserted -> Wire.SubmitJobResponse.newBuilder()
                            .setJob(submitted(inserted.getFirst()))
                            .build());
        });
    }

    /** Nothing is stored for a caller that has given up: nobody would know. */
    private CompletableFuture<List<Inserted>> submit(List<Submission> batch, boolean atomic) {
        return Context.current().isCancelled()
                ? new CompletableFuture<>()
                : desks.current().jobs().submit(batch, atomic);
    }

    @Override
    public void submitJobs(Wire.SubmitJobsRequest request, StreamObserver<Wire.SubmitJobsResponse> out) {
        boolean atomic = !request.hasAtomic() || request.getAtomic();
        List<Wire.SubmitResult> items = new ArrayList<>(request.getJobsCount());
        List<Submission> good = new ArrayList<>(request.getJobsCount());
        orRefuse(out, () -> {
            WireJobs.checkBatchSize(request.getJobsCount());
            if (atomic) {
                good.addAll(WireJobs.submissions(request.getJobsList(), limits, ids));
                requireJson(good);
            } else {
                request.getJobsList().forEach(job -> items.add(readEntry(job, good)));
            }
            CompletableFuture<List<Inserted>> stored =
                    good.isEmpty() ? CompletableFuture.completedFuture(List.of()) : submit(good, atomic);
            answer(out, stored, inserted -> batch(items, inserted));
        });
    }

    /** The refusal of one place of a batch, or an empty item that the store's answer will fill. */
    private Wire.SubmitResult readEntry(Wire.Submission job, List<Submission> good) {
        try {
            good.add(submission(job));
            return Wire.SubmitResult.getDefaultInstance();
        } catch (PulseException e) {
            return Wire.SubmitResult.newBuilder()
                    .setRefusal(WireErrors.refusal(e))
                    .build();
        }
    }

    private static Wire.SubmitJobsResponse batch(List<Wire.SubmitResult> read, List<Inserted> inserted) {
        Wire.SubmitJobsResponse.Builder response = Wire.SubmitJobsResponse.newBuilder();
        Iterator<Inserted> answers = inserted.iterator();
        if (read.isEmpty()) {
            answers.forEachRemaining(answer -> response.addItems(result(answer)));
        } else {
            read.forEach(item -> response.addItems(item.hasRefusal() ? item : result(answers.next())));
        }
        return response.build();
    }

    private static Wire.SubmitResult result(Inserted inserted) {
        Wire.SubmitResult.Builder result = Wire.SubmitResult.newBuilder();
        return inserted instanceof Inserted.Refused(PulseException reason)
                ? result.setRefusal(WireErrors.refusal(reason)).build()
                : result.setJob(submitted(inserted)).build();
    }

    private static Wire.Submitted submitted(Inserted inserted) {
        return switch (inserted) {
            case Inserted.Stored stored -> stored(stored);
            case Inserted.Duplicate(UUID id) ->
                Wire.Submitted.newBuilder()
                        .setId(id.toString())
                        .setDuplicate(true)
                        .build();
            case Inserted.Refused(PulseException reason) -> throw reason;
        };
    }

    private static Wire.Submitted stored(Inserted.Stored stored) {
        Wire.Submitted.Builder submitted = Wire.Submitted.newBuilder()
                .setId(stored.id().toString())
                .setStatus(WireEnums.status(stored.status()))
                .setCreatedAt(WireValues.timestamp(stored.createdAt()));
        if (stored.runAt() != null) {
            submitted.setRunAt(WireValues.timestamp(stored.runAt()));
        }
        return submitted.build();
    }

    private Submission submission(Wire.Submission job) {
        Submission submission = WireJobs.submission(job, limits, ids);
        requireJson("payload", submission);
        return submission;
    }

    private static void requireJson(List<Submission> batch) {
        for (int i = 0; i < batch.size(); i++) {
            requireJson("jobs[" + i + "].payload", batch.get(i));
        }
    }

    /** A payload that says it is JSON is shown as such by other doors, so it has to be. */
    private static void requireJson(String field, Submission submission) {
        if (submission.payload().isJson()) {
            JsonText.fault(submission.payload().bytes()).ifPresent(fault -> {
                throw PulseException.invalid(field, fault + "; other bytes need a content_type of their own");
            });
        }
    }

    @Override
    public void getJob(Wire.GetJobRequest request, StreamObserver<Wire.Job> out) {
        answerBlocking(out, () -> logs.job(request));
    }

    @Override
    public void getJobLogs(Wire.GetJobLogsRequest request, StreamObserver<Wire.GetJobLogsResponse> out) {
        answerBlocking(out, () -> logs.log(request));
    }

    @Override
    public void cancelJob(Wire.CancelJobRequest request, StreamObserver<Wire.Job> out) {
        answerJob(out, request.getId(), JobDesk::cancel);
    }

    @Override
    public void requeueJob(Wire.RequeueJobRequest request, StreamObserver<Wire.Job> out) {
        answerJob(out, request.getId(), JobDesk::requeue);
    }

    @Override
    public void runJobNow(Wire.RunJobNowRequest request, StreamObserver<Wire.Job> out) {
        answerJob(out, request.getId(), JobDesk::runNow);
    }

    @Override
    public void deleteJob(Wire.DeleteJobRequest request, StreamObserver<Wire.DeleteJobResponse> out) {
        answerBlocking(out, () -> {
            desks.current().jobs().delete(WireValues.id("id", request.getId()));
            return Wire.DeleteJobResponse.getDefaultInstance();
        });
    }

    @Override
    public void waitJob(Wire.WaitJobRequest request, StreamObserver<Wire.Job> out) {
        onVirtualThread(out, () -> {
            UUID id = WireValues.id("id", request.getId());
            Duration timeout = timeout(request.hasTimeout(), request.getTimeout());
            answer(out, desks.current().jobs().await(id, timeout), WireJobs::job);
        });
    }

    @Override
    public void listJobs(Wire.ListJobsRequest request, StreamObserver<Wire.ListJobsResponse> out) {
        answerBlocking(out, () -> {
            JobFilter filter = WireJobs.filter(request.getFilter());
            int limit = ScheduleCalls.limit(request.hasLimit(), request.getLimit());
            return page(
                    (size, cursor) -> desks.current().jobs().list(filter, size, cursor),
                    limit,
                    request.hasCursor() ? request.getCursor() : null);
        });
    }

    private interface Jobs {
        JobPage page(int limit, @Nullable String cursor);
    }

    private static Wire.ListJobsResponse page(Jobs jobs, int limit, @Nullable String cursor) {
        JobPage page = jobs.page(limit, cursor);
        Wire.ListJobsResponse.Builder response = Wire.ListJobsResponse.newBuilder();
        int bytes = 0;
        for (Job job : page.items()) {
            Wire.Job item = WireJobs.job(job);
            bytes += item.getSerializedSize();
            if (bytes > MAX_PAGE_BYTES && response.getItemsCount() > 0) {
                return page(jobs, response.getItemsCount(), cursor);
            }
            response.addItems(item);
        }
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    @Override
    public void bulkJobs(Wire.BulkJobsRequest request, StreamObserver<Wire.BulkJobsResponse> out) {
        answerBlocking(out, () -> operators.act(request));
    }

    @Override
    public void getBulkOperation(Wire.GetBulkOperationRequest request, StreamObserver<Wire.BulkOperation> out) {
        answerBlocking(out, () -> operators.get(request));
    }

    @Override
    public void listBulkOperations(
            Wire.ListBulkOperationsRequest request, StreamObserver<Wire.ListBulkOperationsResponse> out) {
        answerBlocking(out, () -> operators.list(request));
    }

    @Override
    public void stopBulkOperation(Wire.StopBulkOperationRequest request, StreamObserver<Wire.BulkOperation> out) {
        answerBlocking(out, () -> operators.stop(request));
    }

    @Override
    public void listAudit(Wire.ListAuditRequest request, StreamObserver<Wire.ListAuditResponse> out) {
        answerBlocking(out, () -> operators.audit(request));
    }

    @Override
    public void createKey(Wire.CreateKeyRequest request, StreamObserver<Wire.CreateKeyResponse> out) {
        answerBlocking(out, () -> keys.create(request));
    }

    @Override
    public void listKeys(Wire.ListKeysRequest request, StreamObserver<Wire.ListKeysResponse> out) {
        answerBlocking(out, () -> keys.list(request));
    }

    @Override
    public void revokeKey(Wire.RevokeKeyRequest request, StreamObserver<Wire.ApiKey> out) {
        answerBlocking(out, () -> keys.revoke(request));
    }

    @Override
    public void createBundle(Wire.CreateBundleRequest request, StreamObserver<Wire.CreateBundleResponse> out) {
        answerBlocking(out, () -> bundles.create(request));
    }

    @Override
    public void getBundle(Wire.GetBundleRequest request, StreamObserver<Wire.Bundle> out) {
        answerBlocking(out, () -> bundles.get(request.getId()));
    }

    @Override
    public void waitBundle(Wire.WaitBundleRequest request, StreamObserver<Wire.Bundle> out) {
        onVirtualThread(
                out,
                () -> answer(
                        out,
                        bundles.await(request.getId(), timeout(request.hasTimeout(), request.getTimeout())),
                        bundle -> bundle));
    }

    @Override
    public void listBundles(Wire.ListBundlesRequest request, StreamObserver<Wire.ListBundlesResponse> out) {
        answerBlocking(out, () -> bundles.list(request));
    }

    @Override
    public void cancelBundle(Wire.CancelBundleRequest request, StreamObserver<Wire.Bundle> out) {
        answerBlocking(out, () -> bundles.cancel(request.getId()));
    }

    @Override
    public void deleteBundle(Wire.DeleteBundleRequest request, StreamObserver<Wire.DeleteBundleResponse> out) {
        answerBlocking(out, () -> {
            bundles.delete(request.getId());
            return Wire.DeleteBundleResponse.getDefaultInstance();
        });
    }

    @Override
    public void createSchedule(Wire.CreateScheduleRequest request, StreamObserver<Wire.Schedule> out) {
        answerBlocking(out, () -> schedules.create(request));
    }

    @Override
    public void updateSchedule(Wire.UpdateScheduleRequest request, StreamObserver<Wire.Schedule> out) {
        answerBlocking(out, () -> schedules.update(request));
    }

    @Override
    public void getSchedule(Wire.GetScheduleRequest request, StreamObserver<Wire.Schedule> out) {
        answerBlocking(out, () -> schedules.get(request));
    }

    @Override
    public void pauseSchedule(Wire.PauseScheduleRequest request, StreamObserver<Wire.Schedule> out) {
        answerBlocking(out, () -> schedules.pause(request));
    }

    @Override
    public void resumeSchedule(Wire.ResumeScheduleRequest request, StreamObserver<Wire.Schedule> out) {
        answerBlocking(out, () -> schedules.resume(request));
    }

    @Override
    public void runScheduleNow(Wire.RunScheduleNowRequest request, StreamObserver<Wire.RunScheduleNowResponse> out) {
        answerBlocking(out, () -> schedules.runNow(request));
    }

    @Override
    public void deleteSchedule(Wire.DeleteScheduleRequest request, StreamObserver<Wire.DeleteScheduleResponse> out) {
        answerBlocking(out, () -> schedules.delete(request));
    }

    @Override
    public void previewSchedule(Wire.PreviewScheduleRequest request, StreamObserver<Wire.PreviewScheduleResponse> out) {
        answerBlocking(out, () -> schedules.preview(request));
    }

    @Override
    public void listSchedules(Wire.ListSchedulesRequest request, StreamObserver<Wire.ListSchedulesResponse> out) {
        answerBlocking(out, () -> schedules.list(request));
    }

    @Override
    public void listScheduleJobs(Wire.ListScheduleJobsRequest request, StreamObserver<Wire.ListJobsResponse> out) {
        answerBlocking(out, () -> {
            JobFilter filter = WireJobs.filter(request.getFilter());
            int limit = ScheduleCalls.limit(request.hasLimit(), request.getLimit());
            return page(
                    (size, cursor) -> desks.current().schedules().jobs(request.getId(), filter, size, cursor),
                    limit,
                    request.hasCursor() ? request.getCursor() : null);
        });
    }

    @Override
    public void listScheduleFires(
            Wire.ListScheduleFiresRequest request, StreamObserver<Wire.ListScheduleFiresResponse> out) {
        answerBlocking(out, () -> schedules.fires(request));
    }

    @Override
    public void declareSchedules(
            Wire.DeclareSchedulesRequest request, StreamObserver<Wire.DeclareSchedulesResponse> out) {
        answerBlocking(out, () -> schedules.declare(request));
    }

    private static Duration timeout(boolean given, com.google.protobuf.Duration wanted) {
        Duration asked = given ? WireValues.wait("timeout", wanted) : DEFAULT_WAIT;
        return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
    }

    @Override
    public StreamObserver<Wire.WorkerMessage> streamJobs(StreamObserver<Wire.ServerMessage> out) {
        return streams.open((ServerCallStreamObserver<Wire.ServerMessage>) out, serverName);
    }

    @Override
    public void openSession(Wire.OpenSessionRequest request, StreamObserver<Wire.OpenSessionResponse> out) {
        answerBlocking(out, () -> {
            SessionSpec spec = desks.current()
                    .sessions()
                    .open(WireSessions.spec(request.getHello(), ids))
                    .spec();
            return Wire.OpenSessionResponse.newBuilder()
                    .setSessionId(spec.id().toString())
                    .setLeaseTtl(WireValues.duration(spec.leaseTtl()))
                    .setServer(serverName)
                    .build();
        });
    }

    @Override
    public void claimJobs(Wire.ClaimJobsRequest request, StreamObserver<Wire.ClaimJobsResponse> out) {
        withSession(out, request.getSessionId(), session -> {
            if (request.getMax() < 1 || request.getMax() > ClaimRequest.MAX) {
                throw PulseException.invalid(
                        "max", "1 to " + ClaimRequest.MAX + " are allowed, got " + request.getMax());
            }
            Duration patience = request.hasWait() ? WireValues.wait("wait", request.getWait()) : Duration.ZERO;
            if (patience.compareTo(ClaimRequest.MAX_PATIENCE) > 0) {
                throw PulseException.invalid("wait", "0s to 30s are allowed, got " + patience.toSeconds() + "s");
            }
            CompletableFuture<List<Assignment>> claimed = session.claim(request.getMax(), patience);
            // Whoever hangs up gets no jobs: what was claimed for it goes elsewhere.
            Context.current().addListener(gone -> claimed.cancel(false), Runnable::run);
            answer(out, claimed, jobs -> {
                Wire.ClaimJobsResponse.Builder response = Wire.ClaimJobsResponse.newBuilder();
                jobs.forEach(job -> response.addJobs(WireSessions.assignment(job)));
                return response.build();
            });
        });
    }

    @Override
    public void reportResults(Wire.ReportResultsRequest request, StreamObserver<Wire.ReportResultsResponse> out) {
        onVirtualThread(
                out,
                () -> answer(
                        out,
                        desks.current()
                                .sessions()
                                .report(
                                        WireValues.id("session_id", request.getSessionId()),
                                        WorkerStream.reports(request.getReportsList(), limits)),
                        ended -> Wire.ReportResultsResponse.newBuilder()
                                .addAllAnswers(WorkerStream.answers(ended))
                                .build()));
    }

    @Override
    public void heartbeat(Wire.HeartbeatRequest request, StreamObserver<Wire.HeartbeatResponse> out) {
        withSession(
                out,
                request.getSessionId(),
                session -> answer(
                        out,
                        logs.heartbeat(session, request),
                        beat -> Wire.HeartbeatResponse.newBuilder()
                                .addAllCancels(WorkerStream.cancels(beat.cancel()))
                                .setDrain(beat.drain())
                                .build()));
    }

    @Override
    public void closeSession(Wire.CloseSessionRequest request, StreamObserver<Wire.CloseSessionResponse> out) {
        withSession(
                out,
                request.getSessionId(),
                session -> answer(out, session.close(), done -> Wire.CloseSessionResponse.getDefaultInstance()));
    }

    @Override
    public void pauseDispatch(Wire.PauseDispatchRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.pause(request));
    }

    @Override
    public void resumeDispatch(Wire.ResumeDispatchRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, switches::resumeDispatch);
    }

    @Override
    public void getDispatchStatus(Wire.GetDispatchStatusRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, switches::dispatch);
    }

    @Override
    public void listQueues(Wire.ListLinesRequest request, StreamObserver<Wire.ListLinesResponse> out) {
        answerBlocking(out, () -> switches.list(Scope.Kind.QUEUE));
    }

    @Override
    public void pauseQueue(Wire.PauseLineRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.pause(Scope.Kind.QUEUE, request));
    }

    @Override
    public void resumeQueue(Wire.ResumeLineRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.resume(Scope.Kind.QUEUE, request));
    }

    @Override
    public void setQueueLimits(Wire.SetLimitsRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.limit(Scope.Kind.QUEUE, request));
    }

    @Override
    public void listTypes(Wire.ListLinesRequest request, StreamObserver<Wire.ListLinesResponse> out) {
        answerBlocking(out, () -> switches.list(Scope.Kind.TYPE));
    }

    @Override
    public void pauseType(Wire.PauseLineRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.pause(Scope.Kind.TYPE, request));
    }

    @Override
    public void resumeType(Wire.ResumeLineRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.resume(Scope.Kind.TYPE, request));
    }

    @Override
    public void setTypeLimits(Wire.SetLimitsRequest request, StreamObserver<Wire.Switch> out) {
        answerBlocking(out, () -> switches.limit(Scope.Kind.TYPE, request));
    }

    @Override
    public void getStats(Wire.GetStatsRequest request, StreamObserver<Wire.Stats> out) {
        answerBlocking(out, () -> WireStats.stats(desks.current().system().counts()));
    }

    @Override
    public void getThroughput(Wire.GetThroughputRequest request, StreamObserver<Wire.Throughput> out) {
        answerBlocking(
                out,
                () -> WireHistory.throughput(
                        desks.current().system().throughput(WireHistory.window(request), WireHistory.bucket(request))));
    }

    @Override
    public void listWorkers(Wire.ListWorkersRequest request, StreamObserver<Wire.ListWorkersResponse> out) {
        answerBlocking(
                out,
                () -> Wire.ListWorkersResponse.newBuilder()
                        .addAllItems(desks.current().system().sessions().stream()
                                .map(WireStats::worker)
                                .toList())
                        .build());
    }

    @Override
    public void listServers(Wire.ListServersRequest request, StreamObserver<Wire.ListServersResponse> out) {
        answerBlocking(
                out,
                () -> Wire.ListServersResponse.newBuilder()
                        .addAllItems(desks.current().system().servers().stream()
                                .map(WireStats::server)
                                .toList())
                        .build());
    }

    @Override
    public void getHealth(Wire.GetHealthRequest request, StreamObserver<Wire.Health> out) {
        answerBlocking(out, () -> WireStats.health(desks.current().system().checkup()));
    }

    // ---- events ----

    @Override
    public void watchEvents(Wire.WatchEventsRequest request, StreamObserver<Wire.WatchEventsResponse> out) {
        events.watch(request, out);
    }

    @Override
    public void createSubscription(Wire.CreateSubscriptionRequest request, StreamObserver<Wire.Subscription> out) {
        answerBlocking(out, () -> events.create(request));
    }

    @Override
    public void listSubscriptions(
            Wire.ListSubscriptionsRequest request, StreamObserver<Wire.ListSubscriptionsResponse> out) {
        answerBlocking(out, events::list);
    }

    @Override
    public void deleteSubscription(
            Wire.DeleteSubscriptionRequest request, StreamObserver<Wire.DeleteSubscriptionResponse> out) {
        answerBlocking(out, () -> events.delete(request));
    }

    @Override
    public void leaseEvents(Wire.LeaseEventsRequest request, StreamObserver<Wire.LeaseEventsResponse> out) {
        answerBlocking(out, () -> events.lease(request));
    }

    @Override
    public void ackEvents(Wire.AckEventsRequest request, StreamObserver<Wire.AckEventsResponse> out) {
        answerBlocking(out, () -> events.ack(request));
    }

    @Override
    public void failEvent(Wire.FailEventRequest request, StreamObserver<Wire.FailEventResponse> out) {
        answerBlocking(out, () -> events.fail(request));
    }

    @Override
    public void listParkedEvents(
            Wire.ListParkedEventsRequest request, StreamObserver<Wire.ListParkedEventsResponse> out) {
        answerBlocking(out, () -> events.parked(request));
    }

    @Override
    public void releaseParkedEvents(
            Wire.ReleaseParkedEventsRequest request, StreamObserver<Wire.ReleaseParkedEventsResponse> out) {
        answerBlocking(out, () -> events.release(request));
    }

    // ---- answering ----

    private void answerJob(StreamObserver<Wire.Job> out, String id, BiFunction<JobDesk, UUID, Job> act) {
        answerBlocking(out, () -> WireJobs.job(act.apply(desks.current().jobs(), WireValues.id("id", id))));
    }

    private void withSession(StreamObserver<?> out, String id, Consumer<WorkerSession> call) {
        onVirtualThread(out, () -> call.accept(desks.current().sessions().require(WireValues.id("session_id", id))));
    }

    private <T> void answerBlocking(StreamObserver<T> out, Supplier<T> work) {
        onVirtualThread(out, () -> send(out, work.get()));
    }

    private void onVirtualThread(StreamObserver<?> out, Runnable work) {
        blocking.execute(Context.current().wrap(() -> orRefuse(out, work)));
    }

    private static void orRefuse(StreamObserver<?> out, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            refuse(out, e);
        }
    }

    private static <A, T> void answer(StreamObserver<T> out, CompletableFuture<A> future, Function<A, T> response) {
        var unused = future.whenComplete((result, failure) -> {
            if (failure != null) {
                refuse(out, failure);
                return;
            }
            try {
                send(out, response.apply(result));
            } catch (RuntimeException e) {
                refuse(out, e);
            }
        });
    }

    private static <T> void send(StreamObserver<T> out, T message) {
        if (isGone(out)) {
            return;
        }
        out.onNext(message);
        out.onCompleted();
    }

    private static void refuse(StreamObserver<?> out, Throwable failure) {
        // Between a look and the word the caller may still hang up: then nobody is left to be told.
        if (!isGone(out)) {
            out.onError(WireErrors.toStatus(Failures.of(failure)));
        }
    }

    private static boolean isGone(StreamObserver<?> out) {
        return out instanceof ServerCallStreamObserver<?> call && call.isCancelled();
    }
}
