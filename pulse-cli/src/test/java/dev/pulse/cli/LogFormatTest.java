package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What a server logs, as text and as JSON: one line each, whatever a caller put into it. */
final class LogFormatTest {
    private static final String HOSTILE = "job \"x\"\r\n2026 ERROR forged \u001b[31mred";

    private static String logged(String format) throws JoranException {
        PrintStream before = System.err;
        ByteArrayOutputStream caught = new ByteArrayOutputStream();
        System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            context.putProperty("PULSE_LOG_FORMAT", format);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Objects.requireNonNull(Main.class.getResource("/logback.xml")));
            Logger log = context.getLogger("dev.pulse.test");
            log.warn("{}", HOSTILE);
            context.stop();
        } finally {
            System.setErr(before);
        }
        return caught.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textIsOneLineWithoutControls() throws JoranException {
        String text = logged("text");

        assertThat(text.lines()).hasSize(1);
        assertThat(text)
                .contains("WARN  test [", "job \"x\"??2026 ERROR forged ?[31mred")
                .doesNotContain("\u001b", "\r");
    }

    @Test
    void anUnknownFormatIsRefusedBeforeAnythingIsLogged() {
        TestShell shell = new TestShell();
        shell.environment().put("PULSE_LOG_FORMAT", "xml");

        assertThat(Main.run(shell.shell(), "version")).isEqualTo(Exit.USAGE);
        assertThat(shell.err()).isEqualTo("pulse: PULSE_LOG_FORMAT: text or json is expected, got \"xml\"\n");
    }

    @Test
    void jsonIsOneObjectALine() throws JoranException {
        String json = logged("json");

        assertThat(json.lines()).hasSize(1);
        assertThat(json)
                .startsWith("{\"timestamp\":")
                .contains(
                        "\"level\":\"WARN\"",
                        "\"loggerName\":\"dev.pulse.test\"",
                        "\"threadName\":",
                        "\"formattedMessage\":\"job \\\"x\\\"\\r\\n2026 ERROR forged")
                .doesNotContain("\u001b", "\r");
    }
}
