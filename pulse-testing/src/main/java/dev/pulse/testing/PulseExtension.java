package dev.pulse.testing;

import dev.pulse.sdk.Pulse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Brings {@link PulseTest} to JUnit 5 and 6: by {@link WithPulse}, or as a field,
 * {@code @RegisterExtension PulseExtension extension = new PulseExtension();}. Each test has one of its own, so tests may
 * run beside each other. The mode is the one that the test asks for, else that of the configuration parameter or system
 * property {@value TestMode#FLAG}, else in-memory.
 */
public final class PulseExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace HOME = ExtensionContext.Namespace.create(PulseExtension.class);
    private static final List<Class<?>> GIVEN = List.of(PulseTest.class, Pulse.class, TestClock.class);

    private final Consumer<PulseTest.Setup> setup;

    public PulseExtension() {
        this(setup -> {});
    }

    /** With a setup of the test's own, which goes before what {@link WithPulse} says. */
    public PulseExtension(Consumer<PulseTest.Setup> setup) {
        this.setup = setup;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        of(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        PulseTest test = context.getStore(HOME).remove(key(context), PulseTest.class);
        if (test != null) {
            test.close();
        }
    }

    /** By the test's own id: the store of a test also shows what its class holds. */
    private static String key(ExtensionContext context) {
        return context.getUniqueId();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.contains(parameter.getParameter().getType())
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        PulseTest test = of(context);
        Class<?> type = parameter.getParameter().getType();
        return type == Pulse.class ? test.pulse() : type == TestClock.class ? test.clock() : test;
    }

    /** The test's own, made when it is first asked for. */
    private PulseTest of(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(HOME);
        PulseTest known = store.get(key(context), PulseTest.class);
        if (known != null) {
            return known;
        }
        PulseTest made = open(context);
        store.put(key(context), made);
        return made;
    }

    private PulseTest open(ExtensionContext context) {
        WithPulse asked = asked(context);
        PulseTest.Setup chosen = PulseTest.with(mode(asked, context));
        if (asked != null) {
            chosen.onFailure(asked.onFailure()).maxRuns(asked.maxRuns());
            if (!asked.startingAt().isEmpty()) {
                chosen.startingAt(Instant.parse(asked.startingAt()));
            }
        }
        setup.accept(chosen);
        return chosen.open();
    }

    private static @Nullable WithPulse asked(ExtensionContext context) {
        Optional<WithPulse> onTest = AnnotationSupport.findAnnotation(context.getTestMethod(), WithPulse.class);
        return onTest.or(() -> AnnotationSupport.findAnnotation(context.getTestClass(), WithPulse.class))
                .orElse(null);
    }

    private static TestMode mode(@Nullable WithPulse asked, ExtensionContext context) {
        if (asked != null && asked.mode().length > 0) {
            return asked.mode()[0];
        }
        return context.getConfigurationParameter(TestMode.FLAG)
                .map(TestMode::parse)
                .orElse(TestMode.IN_MEMORY);
    }
}
