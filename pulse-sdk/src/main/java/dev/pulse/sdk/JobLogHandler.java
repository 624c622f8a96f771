package dev.pulse.sdk;

import dev.pulse.model.LogLevel;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Copies what is logged through {@code java.util.logging} on a handler's thread to its job's log:
 * {@code Logger.getLogger("").addHandler(new JobLogHandler())}. For SLF4J with Logback there is pulse-logback.
 */
public final class JobLogHandler extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord event) {
        if (isLoggable(event)) {
            JobContext.current().ifPresent(job -> job.log(level(event.getLevel()), text(event)));
        }
    }

    private String text(LogRecord event) {
        String message = formatter.formatMessage(event);
        Throwable thrown = event.getThrown();
        return thrown == null ? message : message + ": " + thrown.getClass().getName();
    }

    private static LogLevel level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return LogLevel.ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return LogLevel.WARN;
        }
        if (value >= Level.CONFIG.intValue()) {
            return LogLevel.INFO;
        }
        return value >= Level.FINE.intValue() ? LogLevel.DEBUG : LogLevel.TRACE;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
