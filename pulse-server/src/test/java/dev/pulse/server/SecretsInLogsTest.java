package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Everything that the server logs, down to its debugging lines, without what is nobody's business (S39). */
class SecretsInLogsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.pulse");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void passwordsKeysAndPayloadsAreInNoLineOfTheLog() {
        String key;
        try (TestServer server = TestServer.withUsers("ann:canary-right")) {
            TestServer ann = server.as("ann", "canary-right");
            key = ann.post("/keys", "{\"role\":\"viewer\"}").field("key");
            server.as("ann", "canary-wrong").get("/jobs");
            server.authorized("Bearer " + key.replaceAll("....$", "aaaa")).get("/jobs");
            ann.post(
                    "/jobs",
                    "{\"type\":\"t\",\"payload\":{\"pin\":\"canary-payload\"},\"headers\":{\"h\":\"canary-header\"}}");
            ann.post("/jobs", "{\"type\":\"t\",\"payload\":{\"pin\":\"canary-broken");
            ann.get("/jobs?q=canary-query&unknown=1");
        }

        assertThat(key).startsWith("pulse_");
        assertThat(lines()).isNotEmpty().noneMatch(line -> line.contains("canary"));
        assertThat(lines()).noneMatch(line -> line.contains(key.substring(key.lastIndexOf('_') + 1)));
    }

    @Test
    void aDatabaseThatCannotBeReachedIsNamedWithoutItsPassword() {
        ServerConfig config = ServerConfig.read(
                Map.of("database-url", "postgres://pulse:canary-database@127.0.0.1:1/none"), Map.of(), Path.of("none"));

        Throwable failure = catchThrowable(() -> PulseServer.start(config).close());

        assertThat(failure).hasMessageContaining("127.0.0.1");
        assertThat(told(failure)).doesNotContain("canary");
        assertThat(config.toString()).doesNotContain("canary");
        assertThat(lines()).noneMatch(line -> line.contains("canary"));
    }

    private List<String> lines() {
        return logged.list.stream()
                .map(event -> event.getFormattedMessage() + told(event.getThrowableProxy()))
                .toList();
    }

    private static String told(@Nullable IThrowableProxy thrown) {
        return thrown == null ? "" : thrown.getMessage() + told(thrown.getCause());
    }

    private static String told(@Nullable Throwable thrown) {
        return thrown == null ? "" : thrown + told(thrown.getCause());
    }
}
