package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.Schedule;
import dev.pulse.sdk.WorkerListener;
import dev.pulse.server.PulseServer;
import dev.pulse.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedules in the code of applications that work for a server. */
@Timeout(120)
class MorningsServerTest {
    private static final JobType<String> TICK = JobType.of("tick", String.class);

    private final String database = SharedPostgres.freshDatabase();
    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();

    private PulseServer server(String grpcAddress) {
        return PulseServer.start(ServerConfig.read(
                Map.of("database-url", database, "http-addr", "0", "grpc-addr", grpcAddress),
                Map.of(),
                Path.of("no-file")));
    }

    private String next() throws InterruptedException {
        String line = posted.poll(60, TimeUnit.SECONDS);
        assertThat(line).isNotNull();
        return line;
    }

    @Test
    void twoProcessesDeclareTheSameAndOneWorksWhatIsRunByHand() throws InterruptedException {
        try (PulseServer server = server("0");
                Pulse first = Pulse.connect(server.grpcAddress().toString());
                Pulse second = Pulse.connect(server.grpcAddress().toString())) {
            new Mornings(first, posted::add);
            new Mornings(second, posted::add);
            first.start();
            second.start();

            List<ScheduleInfo> schedules = first.schedules()
                    .listSchedules(ScheduleFilter.ALL, 10, null)
                    .items();
            assertThat(schedules)
                    .hasSize(2)
                    .allSatisfy(schedule -> assertThat(schedule.version()).isEqualTo(1));
            schedules.stream()
                    .filter(schedule -> "billing-digest".equals(schedule.spec().name()))
                    .forEach(schedule -> second.schedules().runScheduleNow(schedule.id()));

            assertThat(next()).startsWith("billing at ");
        }
    }

    @Test
    void aWrongRuleFailsTheStartWithTheServersWords() {
        try (PulseServer server = server("0");
                Pulse pulse = Pulse.connect(server.grpcAddress().toString())) {
            pulse.handle(TICK, (job, text) -> {});
            pulse.schedule(TICK, "", Schedule.cron("61 * * * *"));

            assertThatThrownBy(pulse::start)
                    .isInstanceOfSatisfying(
                            PulseException.class,
                            e -> assertThat(e.field()).startsWith("schedules[").endsWith("].cron"));
        }
    }

    @Test
    void aServerThatComesLaterIsToldTheSchedulesThen() throws InterruptedException {
        String address;
        try (PulseServer before = server("0")) {
            address = before.grpcAddress().toString();
        }
        try (Pulse pulse = Pulse.connect(
                address,
                options -> options.listener(new WorkerListener() {
                    @Override
                    public void schedulesWaiting(PulseException cause) {
                        posted.add("waiting");
                    }
                }))) {
            pulse.handle(TICK, (job, text) -> posted.add(text));
            pulse.schedule(TICK, "tick", Schedule.every(Duration.ofSeconds(1)));
            pulse.start();
            assertThat(next()).isEqualTo("waiting");

            try (PulseServer after = server(address)) {
                assertThat(next()).isEqualTo("tick");
                assertThat(after.grpcAddress().toString()).isEqualTo(address);
            }
        }
    }
}
