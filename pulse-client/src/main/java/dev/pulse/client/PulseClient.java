package dev.pulse.client;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.Submission;
import dev.pulse.model.Throughput;
import dev.pulse.protocol.WireEnums;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireHistory;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireStats;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.SubmitResult;
import dev.pulse.sdk.Submitted;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
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
public final class PulseClient implements JobClient, AutoCloseable {
    /** A wait is cut into calls of this length, because no server keeps a call waiting for ever. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ClientConfig config;
    private final Calls calls;
    private final SubmitGatherer submits;
    private final LongSupplier ticker;

    PulseClient(ClientConfig config, LongSupplier ticker) {
        this.config = config;
        List<ManagedChannel> channels = Stream.generate(() -> Channels.open(config))
                .limit(config.connections())
                .toList();
        this.calls = new Calls(channels, config.address());
        this.submits = new SubmitGatherer(calls, config.submitsUnderWay(), config.callTimeout());
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
        Wire.GetJobRequest request =
                Wire.GetJobRequest.newBuilder().setId(id.toString()).build();
        try {
            return Optional.of(WireJobs.job(call(PulseServiceGrpc.getGetJobMethod(), request)));
        } catch (PulseException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
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

    @Override
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun) {
        Wire.BulkJobsRequest request = Wire.BulkJobsRequest.newBuilder()
                .setAction(
                        switch (action) {
                            case REQUEUE -> Wire.BulkAction.BULK_ACTION_REQUEUE;
                            case CANCEL -> Wire.BulkAction.BULK_ACTION_CANCEL;
                            case DELETE -> Wire.BulkAction.BULK_ACTION_DELETE;
                        })
                .setFilter(WireJobs.filter(filter))
                .setDryRun(dryRun)
                .build();
        Wire.BulkJobsResponse done = calls.call(PulseServiceGrpc.getBulkJobsMethod(), request, config.bulkTimeout());
        return new BulkResult(done.getMatched(), done.getChanged());
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

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return calls.call(method, request, config.callTimeout());
    }

    @Override
    public void close() {
        calls.close();
    }
}
