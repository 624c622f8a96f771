package dev.pulse.client;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.ExplainedJob;
import dev.pulse.model.FirePage;
import dev.pulse.model.HealthDetails;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Scope;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.Setting;
import dev.pulse.model.Submission;
import dev.pulse.model.Throughput;
import dev.pulse.model.Timing;
import dev.pulse.protocol.WireBundles;
import dev.pulse.protocol.WireEnums;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireHistory;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireKeys;
import dev.pulse.protocol.WireNotes;
import dev.pulse.protocol.WireOperators;
import dev.pulse.protocol.WireStats;
import dev.pulse.protocol.WireSwitches;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.BundleClient;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.ScheduleClient;
import dev.pulse.sdk.SubmitResult;
import dev.pulse.sdk.Submitted;
import dev.pulse.sdk.SwitchClient;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server as its callers see it: jobs, counts, workers, replicas. Blocking, thread-safe, and connected when the first
 * call needs it. Every failure is a {@link PulseException}.
 */
public final class PulseClient implements JobClient, BundleClient, ScheduleClient, SwitchClient, AutoCloseable {
    /** A wait is cut into calls of this length, because no server keeps a call waiting for ever. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ClientConfig config;
    private final Calls calls;
    private final SubmitGatherer submits;
    private final GrpcSchedules schedules;
    private final LongSupplier ticker;

    PulseClient(ClientConfig config, LongSupplier ticker) {
        this.config = config;
        List<ManagedChannel> channels = Stream.generate(() -> Channels.open(config))
                .limit(config.connections())
                .toList();
        this.calls = new Calls(channels, config.address());
        this.submits = new SubmitGatherer(calls, config.submitsUnderWay(), config.callTimeout());
        this.schedules = new GrpcSchedules(calls, config.callTimeout());
        this.ticker = ticker;
    }

    /** For example {@code localhost:50051}. Does not wait for the server to be there. */
    public static PulseClient connect(String address) {
        return connect(ClientConfig.to(ServerAddress.parse(address)));
    }

    public static PulseClient connect(ClientConfig config) {
        return new PulseClient(config, System::nanoTime);
    }

    @Override
    public Submitted submit(Submission job) {
        return submitted(submits.submit(WireJobs.submission(job)));
    }

    /** Jobs that wait for a call to carry them. */
    int waitingSubmits() {
        return submits.waiting();
    }

    @Override
    public List<Submitted> submitAll(List<Submission> jobs) {
        Wire.SubmitJobsRequest.Builder request = Wire.SubmitJobsRequest.newBuilder();
        jobs.forEach(job -> request.addJobs(WireJobs.submission(job)));
        return call(PulseServiceGrpc.getSubmitJobsMethod(), request.build()).getItemsList().stream()
                .map(PulseClient::submitted)
                .toList();
    }

    @Override
    public List<SubmitResult> submitEach(List<Submission> jobs) {
        Wire.SubmitJobsRequest.Builder request =
                Wire.SubmitJobsRequest.newBuilder().setAtomic(false);
        jobs.forEach(job -> request.addJobs(WireJobs.submission(job)));
        List<SubmitResult> results = new ArrayList<>(jobs.size());
        for (Wire.SubmitResult item :
                call(PulseServiceGrpc.getSubmitJobsMethod(), request.build()).getItemsList()) {
            results.add(
                    item.hasRefusal()
                            ? new SubmitResult.Refused(WireErrors.exception(item.getRefusal()))
                            : new SubmitResult.Stored(submitted(item.getJob())));
        }
        return results;
    }

    private static Submitted submitted(Wire.SubmitResult result) {
        if (result.hasRefusal()) {
            throw WireErrors.exception(result.getRefusal());
        }
        return submitted(result.getJob());
    }

    private static Submitted submitted(Wire.Submitted job) {
        return new Submitted(
                WireValues.id("id", job.getId()), job.getDuplicate(), WireEnums.status("status", job.getStatus()));
    }

    @Override
    public Optional<Job> find(UUID id) {
        return job(id).map(WireJobs::job);
    }

    private Optional<Wire.Job> job(UUID id) {
        Wire.GetJobRequest request =
                Wire.GetJobRequest.newBuilder().setId(id.toString()).build();
        try {
            return Optional.of(call(PulseServiceGrpc.getGetJobMethod(), request));
        } catch (PulseException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public JobLog log(UUID id, long after, int limit) {
        return WireNotes.log(call(
                PulseServiceGrpc.getGetJobLogsMethod(),
                Wire.GetJobLogsRequest.newBuilder()
                        .setId(id.toString())
                        .setAfter(after)
                        .setLimit(limit)
                        .build()));
    }

    @Override
    public Job await(UUID id, Duration timeout) {
        long start = ticker.getAsLong();
        while (true) {
            Duration left = timeout.minusNanos(ticker.getAsLong() - start);
            Duration wait = left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
            Job job = awaitOnce(id, wait);
            if (job.status().isFinal() || wait.equals(left) || left.isNegative()) {
                return job;
            }
        }
    }

    private Job awaitOnce(UUID id, Duration wait) {
        Wire.WaitJobRequest request = Wire.WaitJobRequest.newBuilder()
                .setId(id.toString())
                .setTimeout(WireValues.duration(wait))
                .build();
        return WireJobs.job(calls.call(PulseServiceGrpc.getWaitJobMethod(), request, wait.plus(config.callTimeout())));
    }

    @Override
    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        Wire.ListJobsRequest.Builder request = Wire.ListJobsRequest.newBuilder()
                .setFilter(WireJobs.filter(filter))
                .setLimit(limit);
        if (cursor != null) {
            request.setCursor(cursor);
        }
        Wire.ListJobsResponse page = call(PulseServiceGrpc.getListJobsMethod(), request.build());
        return new JobPage(
                page.getItemsList().stream().map(WireJobs::job).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    @Override
    public Job cancel(UUID id) {
        return WireJobs.job(call(
                PulseServiceGrpc.getCancelJobMethod(),
                Wire.CancelJobRequest.newBuilder().setId(id.toString()).build()));
    }

    @Override
    public Job requeue(UUID id) {
        return WireJobs.job(call(
                PulseServiceGrpc.getRequeueJobMethod(),
                Wire.RequeueJobRequest.newBuilder().setId(id.toString()).build()));
    }

    @Override
    public Job runNow(UUID id) {
        return WireJobs.job(call(
                PulseServiceGrpc.getRunJobNowMethod(),
                Wire.RunJobNowRequest.newBuilder().setId(id.toString()).build()));
    }

    @Override
    public void delete(UUID id) {
        call(
                PulseServiceGrpc.getDeleteJobMethod(),
                Wire.DeleteJobRequest.newBuilder().setId(id.toString()).build());
    }

    /** Waits for the end, as long as {@link ClientConfig#bulkTimeout} says; an operation goes on by itself after that. */
    @Override
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun) {
        return bulk(action, filter, dryRun, null, config.bulkTimeout());
    }

    /**
     * The same with more to say.
     *
     * @param rate most jobs a second, or null for as fast as it goes
     * @param wait how long to wait for the end; zero to be told the operation's id at once
     */
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun, @Nullable Integer rate, Duration wait) {
        long start = ticker.getAsLong();
        Duration first = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        Wire.BulkJobsRequest.Builder request = Wire.BulkJobsRequest.newBuilder()
                .setAction(WireOperators.action(action))
                .setFilter(WireJobs.filter(filter))
                .setDryRun(dryRun)
                .setWait(WireValues.duration(first));
        if (rate != null) {
            request.setRate(rate);
        }
        BulkResult result = WireOperators.result(
                calls.call(PulseServiceGrpc.getBulkJobsMethod(), request.build(), first.plus(config.callTimeout())));
        while (!result.finished() && result.operation() != null) {
            Duration left = wait.minusNanos(ticker.getAsLong() - start);
            if (left.isNegative() || left.isZero()) {
                return result;
            }
            result = bulkOperation(result.operation(), left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT)
                    .result();
        }
        return result;
    }

    /**
     * An act on many jobs as it stands.
     *
     * @param wait how long to wait for its end, at most 30 s
     */
    public BulkOperation bulkOperation(UUID id, Duration wait) {
        Wire.GetBulkOperationRequest request = Wire.GetBulkOperationRequest.newBuilder()
                .setId(id.toString())
                .setWait(WireValues.duration(wait))
                .build();
        return WireOperators.operation(
                calls.call(PulseServiceGrpc.getGetBulkOperationMethod(), request, wait.plus(config.callTimeout())));
    }

    /** The latest acts on many jobs, newest first. */
    public List<BulkOperation> bulkOperations(int limit) {
        return call(
                        PulseServiceGrpc.getListBulkOperationsMethod(),
                        Wire.ListBulkOperationsRequest.newBuilder()
                                .setLimit(limit)
                                .build())
                .getItemsList()
                .stream()
                .map(WireOperators::operation)
                .toList();
    }

    /** Ends an act on many jobs before its time; what it changed stays changed. */
    public BulkOperation stopBulkOperation(UUID id) {
        return WireOperators.operation(call(
                PulseServiceGrpc.getStopBulkOperationMethod(),
                Wire.StopBulkOperationRequest.newBuilder().setId(id.toString()).build()));
    }

    /** What operators did, newest first. */
    public AuditPage audit(AuditFilter filter, int limit, @Nullable String cursor) {
        Wire.ListAuditRequest.Builder request =
                Wire.ListAuditRequest.newBuilder().setLimit(limit);
        if (filter.since() != null) {
            request.setSince(WireValues.timestamp(filter.since()));
        }
        if (filter.actor() != null) {
            request.setActor(filter.actor());
        }
        if (filter.action() != null) {
            request.setAction(filter.action());
        }
        if (cursor != null) {
            request.setCursor(cursor);
        }
        if (filter.until() != null) {
            request.setUntil(WireValues.timestamp(filter.until()));
        }
        if (filter.target() != null) {
            request.setTarget(filter.target());
        }
        Wire.ListAuditResponse page = call(PulseServiceGrpc.getListAuditMethod(), request.build());
        return new AuditPage(
                page.getItemsList().stream().map(WireOperators::entry).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    /** Makes an API key; the answer holds the whole of it, this once. */
    public CreatedKey createKey(ApiKeyOrder order) {
        return WireKeys.created(call(PulseServiceGrpc.getCreateKeyMethod(), WireKeys.request(order)));
    }

    /** API keys, newest first, with those that were revoked or have expired. */
    public ApiKeyPage keys(int limit, @Nullable String cursor) {
        Wire.ListKeysRequest.Builder request = Wire.ListKeysRequest.newBuilder().setLimit(limit);
        if (cursor != null) {
            request.setCursor(cursor);
        }
        Wire.ListKeysResponse page = call(PulseServiceGrpc.getListKeysMethod(), request.build());
        return new ApiKeyPage(
                page.getItemsList().stream().map(WireKeys::key).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    /** Ends an API key; every server refuses it within seconds. */
    public ApiKey revokeKey(String id) {
        return WireKeys.key(call(
                PulseServiceGrpc.getRevokeKeyMethod(),
                Wire.RevokeKeyRequest.newBuilder().setId(id).build()));
    }

    @Override
    public JobCounts counts() {
        return WireStats.stats(call(PulseServiceGrpc.getGetStatsMethod(), Wire.GetStatsRequest.getDefaultInstance()));
    }

    /**
     * What happened in the last {@code window}, in buckets; also of jobs that are long gone.
     *
     * @throws PulseException INVALID_QUERY naming {@code window} or {@code bucket}
     */
    public Throughput throughput(Duration window, Duration bucket) {
        return WireHistory.throughput(
                call(PulseServiceGrpc.getGetThroughputMethod(), WireHistory.request(window, bucket)));
    }

    /** The events of jobs and bundles. */
    public EventClient events() {
        return new GrpcEvents(calls, config.callTimeout());
    }

    @Override
    public Setting dispatch() {
        return WireSwitches.setting(call(
                PulseServiceGrpc.getGetDispatchStatusMethod(), Wire.GetDispatchStatusRequest.getDefaultInstance()));
    }

    @Override
    public Setting pause(Scope scope, @Nullable String reason) {
        if (scope.kind() == Scope.Kind.DISPATCH) {
            Wire.PauseDispatchRequest.Builder request = Wire.PauseDispatchRequest.newBuilder();
            if (reason != null) {
                request.setReason(reason);
            }
            return WireSwitches.setting(call(PulseServiceGrpc.getPauseDispatchMethod(), request.build()));
        }
        Wire.PauseLineRequest.Builder request =
                Wire.PauseLineRequest.newBuilder().setName(scope.name());
        if (reason != null) {
            request.setReason(reason);
        }
        return WireSwitches.setting(call(
                isQueue(scope.kind()) ? PulseServiceGrpc.getPauseQueueMethod() : PulseServiceGrpc.getPauseTypeMethod(),
                request.build()));
    }

    @Override
    public Setting resume(Scope scope) {
        if (scope.kind() == Scope.Kind.DISPATCH) {
            return WireSwitches.setting(
                    call(PulseServiceGrpc.getResumeDispatchMethod(), Wire.ResumeDispatchRequest.getDefaultInstance()));
        }
        return WireSwitches.setting(call(
                isQueue(scope.kind())
                        ? PulseServiceGrpc.getResumeQueueMethod()
                        : PulseServiceGrpc.getResumeTypeMethod(),
                Wire.ResumeLineRequest.newBuilder().setName(scope.name()).build()));
    }

    @Override
    public Setting limit(Scope scope, LimitChange change) {
        return WireSwitches.setting(call(
                isQueue(scope.kind())
                        ? PulseServiceGrpc.getSetQueueLimitsMethod()
                        : PulseServiceGrpc.getSetTypeLimitsMethod(),
                WireSwitches.change(scope.name(), change)));
    }

    @Override
    public List<LineInfo> lines(Scope.Kind kind) {
        return call(
                        isQueue(kind) ? PulseServiceGrpc.getListQueuesMethod() : PulseServiceGrpc.getListTypesMethod(),
                        Wire.ListLinesRequest.getDefaultInstance())
                .getItemsList()
                .stream()
                .map(WireSwitches::line)
                .toList();
    }

    private static boolean isQueue(Scope.Kind kind) {
        return switch (kind) {
            case QUEUE -> true;
            case TYPE -> false;
            case DISPATCH -> throw new IllegalArgumentException("only queues and types have limits and lists");
        };
    }

    @Override
    public Optional<ExplainedJob> explain(UUID id) {
        return job(id).map(WireSwitches::explained);
    }

    @Override
    public SubmittedBundle submitBundle(BundleSubmission bundle) {
        Wire.CreateBundleRequest request = Wire.CreateBundleRequest.newBuilder()
                .setBundle(WireBundles.submission(bundle))
                .build();
        Wire.CreateBundleResponse response = call(PulseServiceGrpc.getCreateBundleMethod(), request);
        return new SubmittedBundle(WireBundles.bundle(response.getBundle()), response.getDuplicate());
    }

    @Override
    public Optional<Bundle> findBundle(UUID id) {
        Wire.GetBundleRequest request =
                Wire.GetBundleRequest.newBuilder().setId(id.toString()).build();
        try {
            return Optional.of(WireBundles.bundle(call(PulseServiceGrpc.getGetBundleMethod(), request)));
        } catch (PulseException e) {
            if (e.code() == ErrorCode.BUNDLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Bundle awaitBundle(UUID id, Duration timeout) {
        long start = ticker.getAsLong();
        while (true) {
            Duration left = timeout.minusNanos(ticker.getAsLong() - start);
            Duration wait = left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
            Wire.WaitBundleRequest request = Wire.WaitBundleRequest.newBuilder()
                    .setId(id.toString())
                    .setTimeout(WireValues.duration(wait))
                    .build();
            Bundle bundle = WireBundles.bundle(
                    calls.call(PulseServiceGrpc.getWaitBundleMethod(), request, wait.plus(config.callTimeout())));
            if (bundle.status().isFinal() || wait.equals(left) || left.isNegative()) {
                return bundle;
            }
        }
    }

    @Override
    public BundlePage listBundles(BundleFilter filter, int limit, @Nullable String cursor) {
        Wire.ListBundlesRequest.Builder request = Wire.ListBundlesRequest.newBuilder()
                .setFilter(WireBundles.filter(filter))
                .setLimit(limit);
        if (cursor != null) {
            request.setCursor(cursor);
        }
        Wire.ListBundlesResponse page = call(PulseServiceGrpc.getListBundlesMethod(), request.build());
        return new BundlePage(
                page.getItemsList().stream().map(WireBundles::bundle).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    @Override
    public Bundle cancelBundle(UUID id) {
        Wire.CancelBundleRequest request =
                Wire.CancelBundleRequest.newBuilder().setId(id.toString()).build();
        return WireBundles.bundle(calls.call(PulseServiceGrpc.getCancelBundleMethod(), request, config.bulkTimeout()));
    }

    @Override
    public void deleteBundle(UUID id) {
        Wire.DeleteBundleRequest request =
                Wire.DeleteBundleRequest.newBuilder().setId(id.toString()).build();
        calls.call(PulseServiceGrpc.getDeleteBundleMethod(), request, config.bulkTimeout());
    }

    @Override
    public ScheduleInfo createSchedule(ScheduleSpec spec) {
        return schedules.create(spec);
    }

    @Override
    public Optional<ScheduleInfo> findSchedule(UUID id) {
        return schedules.find(id.toString());
    }

    /** The schedule of that id, or else of that name; a name never looks like an id. */
    public Optional<ScheduleInfo> findSchedule(String idOrName) {
        return schedules.find(idOrName);
    }

    @Override
    public SchedulePage listSchedules(ScheduleFilter filter, int limit, @Nullable String cursor) {
        return schedules.list(filter, limit, cursor);
    }

    @Override
    public ScheduleInfo editSchedule(UUID id, long version, ScheduleSpec spec) {
        return schedules.edit(id, version, spec);
    }

    @Override
    public ScheduleInfo pauseSchedule(UUID id, @Nullable String reason) {
        return schedules.pause(id, reason);
    }

    @Override
    public ScheduleInfo resumeSchedule(UUID id) {
        return schedules.resume(id);
    }

    @Override
    public UUID runScheduleNow(UUID id) {
        return schedules.runNow(id);
    }

    @Override
    public void deleteSchedule(UUID id) {
        schedules.delete(id);
    }

    @Override
    public FirePage listFires(UUID id, int limit, @Nullable String cursor) {
        return schedules.fires(id, limit, cursor);
    }

    @Override
    public SchedulePreview previewSchedule(Timing timing, @Nullable Instant from, int count) {
        return schedules.preview(timing, from, count);
    }

    @Override
    public List<ScheduleInfo> declareSchedules(String by, List<ScheduleSpec> specs) {
        return schedules.declare(by, specs);
    }

    /** The live sessions. */
    public List<SessionInfo> workers() {
        return call(PulseServiceGrpc.getListWorkersMethod(), Wire.ListWorkersRequest.getDefaultInstance())
                .getItemsList()
                .stream()
                .map(WireStats::worker)
                .toList();
    }

    /** The replicas, with their versions. */
    public List<ServerInfo> servers() {
        return call(PulseServiceGrpc.getListServersMethod(), Wire.ListServersRequest.getDefaultInstance())
                .getItemsList()
                .stream()
                .map(WireStats::server)
                .toList();
    }

    /** Whether the server says that it takes work. */
    public boolean isHealthy() {
        return call(HealthGrpc.getCheckMethod(), HealthCheckRequest.getDefaultInstance())
                        .getStatus()
                == ServingStatus.SERVING;
    }

    /** How the server and what it stands on are, check by check. */
    public HealthDetails health() {
        return WireStats.health(
                call(PulseServiceGrpc.getGetHealthMethod(), Wire.GetHealthRequest.getDefaultInstance()));
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return calls.call(method, request, config.callTimeout());
    }

    @Override
    public void close() {
        calls.close();
    }
}
