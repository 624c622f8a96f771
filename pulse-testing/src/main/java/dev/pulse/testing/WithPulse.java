package dev.pulse.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of the class, or one test, a {@link PulseTest} of its own: as a parameter of that type, of type
 * {@link dev.pulse.sdk.Pulse} or of type {@link TestClock}. On a test it goes before the one on its class.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(PulseExtension.class)
public @interface WithPulse {
    /** The mode, for tests that are meant for one; none means what the flag {@value TestMode#FLAG} says. */
    TestMode[] mode() default {};

    /** What becomes of a handler's exception. */
    OnFailure onFailure() default OnFailure.BY_MODE;

    /** Where the clock stands at first, as {@code 2026-03-01T09:00:00Z}; empty means the real now. */
    String startingAt() default "";

    /** So many attempts at most in one drain. */
    int maxRuns() default 1_000;
}
