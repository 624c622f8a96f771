package dev.pulse.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.pulse.model.LogLevel;
import dev.pulse.sdk.JobContext;

/**
 * Copies what is logged on a handler's thread to its job's log; what is logged elsewhere is none of its business. Beside the
 * appenders that are there:
 *
 * <pre>{@code
 * <appender name="JOB" class="dev.pulse.logback.JobLogAppender"/>
 * <root level="INFO"><appender-ref ref="JOB"/> ...</root>
 * }</pre>
 *
 * <p>Not behind an {@code AsyncAppender}, whose thread works on no job. Threads that a handler starts carry its job where
 * their task went through {@link JobContext#carry}. Never blocks and never fails; the job's log has its own bounds.
 */
public final class JobLogAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
        JobContext.current().ifPresent(job -> job.log(level(event.getLevel()), text(event)));
    }

    private static String text(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        String message = String.valueOf(event.getFormattedMessage());
        return thrown == null ? message : message + ": " + thrown.getClassName() + ": " + thrown.getMessage();
    }

    private static LogLevel level(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> LogLevel.ERROR;
            case Level.WARN_INT -> LogLevel.WARN;
            case Level.INFO_INT -> LogLevel.INFO;
            case Level.DEBUG_INT -> LogLevel.DEBUG;
            default -> LogLevel.TRACE;
        };
    }
}
