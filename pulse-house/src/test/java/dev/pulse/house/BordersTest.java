package dev.pulse.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.Connection;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases, wires and libraries stay behind the modules that were made for them. */
class BordersTest {
    private static final ArchRule SQL_STAYS_IN_THE_STORE = keptTo(
            "java.sql.., org.postgresql..",
            "dev.pulse.storepostgres",
            "dev.pulse.localpostgres",
            "dev.pulse.testing",
            "dev.pulse.benchmarks",
            "dev.pulse.torture",
            "dev.pulse.sdk",
            "dev.pulse.embedded");

    /** The caller's connection goes through these two on its way to the store; they must not use it themselves. */
    private static final ArchRule CONNECTIONS_ARE_HANDED_ON = noClasses()
            .that()
            .resideInAnyPackage("dev.pulse.sdk", "dev.pulse.embedded")
            .should()
            .callMethodWhere(new DescribedPredicate<>("it is one of a connection") {
                @Override
                public boolean test(JavaMethodCall call) {
                    return call.getTargetOwner().getPackageName().startsWith("java.sql");
                }
            });

    private static final ArchRule GRPC_STAYS_AT_THE_WIRE = keptTo(
            "io.grpc.., com.google.protobuf.., com.google.rpc..",
            "dev.pulse.protocol..",
            "dev.pulse.client",
            "dev.pulse.server",
            "dev.pulse.torture"); // sends what no client of ours would

    private static final ArchRule CRON_TEXT_IS_READ_IN_ONE_PLACE = noClasses()
            .that()
            .haveNameNotMatching("dev\\.pulse\\.schedules\\.CronText(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.cronutils..");

    private static final ArchRule MODEL_NEEDS_THE_JDK_ONLY = needs("dev.pulse.model", "java..");

    private static final ArchRule STORE_NEEDS_THE_MODEL_ONLY = needs("dev.pulse.store", "dev.pulse.model", "java..");

    private static final ArchRule ENGINE_KNOWS_NO_SQL_AND_NO_WIRE = needs(
            "dev.pulse.engine",
            "dev.pulse.model",
            "dev.pulse.schedules",
            "dev.pulse.store",
            "java.lang..",
            "java.nio.charset",
            "java.time..",
            "java.util..",
            "org.slf4j");

    private static final ArchRule SDK_BRINGS_NO_LIBRARY =
            needs("dev.pulse.sdk", "dev.pulse.model", "java..", "javax.crypto..", "javax.sql");

    private static ArchRule keptTo(String libraries, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries.split(", ", -1));
    }

    private static ArchRule needs(String home, String... others) {
        String[] allowed = Stream.concat(Stream.of(home, "org.jspecify.annotations"), Stream.of(others))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(home)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    static Stream<ArchRule> rules() {
        return Stream.of(
                SQL_STAYS_IN_THE_STORE,
                CONNECTIONS_ARE_HANDED_ON,
                GRPC_STAYS_AT_THE_WIRE,
                CRON_TEXT_IS_READ_IN_ONE_PLACE,
                MODEL_NEEDS_THE_JDK_ONLY,
                STORE_NEEDS_THE_MODEL_ONLY,
                ENGINE_KNOWS_NO_SQL_AND_NO_WIRE,
                SDK_BRINGS_NO_LIBRARY);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void borderHolds(ArchRule rule) {
        rule.check(House.classes());
    }

    @Test
    void useOfALibraryOutsideItsHomeIsFound() {
        assertThat(House.findings(SQL_STAYS_IN_THE_STORE, OpensAConnection.class))
                .isNotEmpty();
    }

    @Test
    void useBeyondWhatAModuleNeedsIsFound() {
        assertThat(House.findings(needs("dev.pulse.house", "java.lang.."), OpensAConnection.class))
                .isNotEmpty();
    }

    private record OpensAConnection(Connection connection) {}
}
