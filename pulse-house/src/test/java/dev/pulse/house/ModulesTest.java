package dev.pulse.house;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point downwards only: a module uses what its row names and nothing else of ours. */
class ModulesTest {
    private static final String MAY_USE = """
        model
        schedules      model
        store          model
        store-memory   model store
        store-postgres model store
        local-postgres
        engine         model schedules store
        sdk            model
        json           model schedules store
        access         model store
        embedded       model store store-postgres engine sdk json
        protocol       model
        tls            model
        client         model sdk protocol tls
        jackson        model sdk
        logback        model sdk
        opentelemetry  model sdk
        testing        model store store-memory store-postgres local-postgres engine sdk embedded
        micrometer     model store engine
        server         model schedules store store-postgres engine protocol tls json access micrometer
        cli            model schedules store-postgres local-postgres sdk client json access server
        torture        model store store-postgres local-postgres sdk protocol client cli
        benchmarks     model local-postgres sdk client cli
        """;

    private static final Map<String, Set<String>> ALLOWED = allowed();

    private static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> rows = new TreeMap<>();
        MAY_USE.lines().forEach(line -> {
            List<String> words = Arrays.asList(line.split(" +", -1));
            rows.put(
                    "pulse-" + words.getFirst(),
                    words.stream().map(word -> "pulse-" + word).collect(toCollection(TreeSet::new)));
        });
        return rows;
    }

    static Stream<String> modules() {
        return House.modules().stream();
    }

    @Test
    void everyModuleHasARow() {
        assertThat(ALLOWED.keySet()).containsExactlyInAnyOrderElementsOf(House.modules());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleIsOnTheClassPathOfTheseTests(String module) {
        assertThat(classesOf(module))
                .as("add %s to the dependencies of pulse-house", module)
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnlyWhatItsRowNames(String module) {
        Set<String> allowed = ALLOWED.getOrDefault(module, Set.of());
        assertThat(classesOf(module).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> House.modules().stream()
                                .filter(other -> isIn(other, dependency.getTargetClass()))
                                .anyMatch(other -> !allowed.contains(other)))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleIsOneFlatPackage(String module) {
        assertThat(House.classes().stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(House.packageOf(module) + "."))
                        .distinct())
                .as("generated code alone has a package of its own")
                .isSubsetOf("dev.pulse.protocol.v1");
    }

    @Test
    void rowsPointDownwards() {
        List<String> order =
                MAY_USE.lines().map(line -> "pulse-" + line.split(" ", 2)[0]).toList();
        ALLOWED.forEach((module, used) -> assertThat(used)
                .as("%s uses what stands above it", module)
                .allSatisfy(other -> assertThat(order.indexOf(other)).isBetween(0, order.indexOf(module))));
    }

    private static List<JavaClass> classesOf(String module) {
        return House.classes().stream().filter(type -> isIn(module, type)).toList();
    }

    private static boolean isIn(String module, JavaClass type) {
        String home = House.packageOf(module);
        return type.getPackageName().equals(home) || type.getPackageName().startsWith(home + ".");
    }
}
