package dev.pulse.house;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Time, chance and sleep come in by constructors; the statics that give them stand in composition roots only. */
class StaticsTest {
    private static final Pattern CLOCK =
            Pattern.compile("java\\.time\\.\\w+\\.now|java\\.time\\.(Clock|InstantSource)\\.(system|tick)\\w*"
                    + "|java\\.lang\\.System\\.(currentTimeMillis|nanoTime)");
    private static final Pattern DICE = Pattern.compile("java\\.lang\\.Math\\.random|java\\.util\\.UUID\\.randomUUID"
            + "|java\\.util\\.concurrent\\.ThreadLocalRandom\\.current|java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)"
            + "|java\\.(util|security)\\.(Secure|Splittable)?Random\\.<init>\\(\\)");
    private static final Pattern SLEEP =
            Pattern.compile("java\\.lang\\.Thread\\.sleep|java\\.util\\.concurrent\\.TimeUnit\\.sleep");

    /** Who may, and what for. A line that no code needs any more is red too. */
    private static final String ROOTS = """
        dev.pulse.localpostgres.LocalPostgres   CLOCK DICE   starts a server for whoever asks
        dev.pulse.localpostgres.SharedPostgres  CLOCK        the one server of a build's tests
        dev.pulse.storepostgres.PgStores        DICE         opens the store for whoever has a data source
        dev.pulse.storepostgres.Database        SLEEP        the bounded pause before a transaction is tried again
        dev.pulse.sdk.AesGcm                    DICE         nonces, for whoever has a key
        dev.pulse.sdk.PulseRuntime              CLOCK DICE   the door that users open
        dev.pulse.testing.PulseTest             CLOCK DICE   the door that users' tests open
        dev.pulse.server.SystemTime             CLOCK DICE SLEEP  the server's own
        dev.pulse.cli.Main                      CLOCK        the command line's own
        dev.pulse.cli.Training                  CLOCK        the same, for the rehearsal of a few calls
        dev.pulse.cli.SubmitCommand             DICE         the id of the job that it submits
        dev.pulse.cli.BenchCommand              CLOCK DICE   measures by the wall clock, ids as SubmitCommand
        dev.pulse.cli.PasswdCommand             DICE         the salt of a hash
        dev.pulse.cli.ScheduleOptions           DICE         the id that a template has and nobody sees
        dev.pulse.cli.StatsCommand              SLEEP        --watch, until it is interrupted
        dev.pulse.cli.JobsLogsCommand           SLEEP        --follow, for the last lines
        dev.pulse.embedded.PgEmbedder           CLOCK DICE   the door that applications open
        dev.pulse.client.Channels               CLOCK        whether a certificate is valid today
        dev.pulse.client.GrpcConnector          DICE         the same, found by the class path
        dev.pulse.client.PulseClient            CLOCK        the door for programs that only call
        """;

    /** Programs that watch real processes by the wall clock, from outside. */
    private static final Set<String> WATCHERS = Set.of("dev.pulse.torture", "dev.pulse.benchmarks");

    private enum Static {
        CLOCK(StaticsTest.CLOCK),
        DICE(StaticsTest.DICE),
        SLEEP(StaticsTest.SLEEP);

        private final Pattern target;

        Static(Pattern target) {
            this.target = target;
        }

        boolean isMeantBy(JavaCodeUnitAccess<?> access) {
            String owner =
                    access.getTargetOwner().getName() + "." + access.getTarget().getName();
            String full = access.getTarget().getRawParameterTypes().isEmpty() ? owner + "()" : owner + "(…)";
            return target.matcher(owner).matches() || target.matcher(full).matches();
        }
    }

    @Test
    void onlyRootsReadClocksThrowDiceOrSleep() {
        Map<String, Set<Static>> used = new TreeMap<>();
        House.classes().forEach(type -> {
            Set<Static> statics = statics(type);
            if (!statics.isEmpty() && !WATCHERS.contains(type.getPackageName())) {
                used.merge(outermost(type), statics, StaticsTest::union);
            }
        });

        assertThat(used)
                .as("take it by the constructor, or name the class as a root")
                .isEqualTo(roots());
    }

    @Test
    void everyWayToTheStaticsIsFound() {
        assertThat(found(ReadsNow.class)).containsExactly(Static.CLOCK);
        assertThat(found(RefersToNanoTime.class)).containsExactly(Static.CLOCK);
        assertThat(found(ThrowsDice.class)).containsExactly(Static.DICE);
        assertThat(found(MakesUnseededDice.class)).containsExactly(Static.DICE);
        assertThat(found(MakesAnId.class)).containsExactly(Static.DICE);
        assertThat(found(Sleeps.class)).containsExactly(Static.SLEEP);
    }

    @Test
    void diceWithASeedAreDiceFromOutside() {
        assertThat(found(MakesSeededDice.class)).isEmpty();
    }

    private static Map<String, Set<Static>> roots() {
        Map<String, Set<Static>> roots = new TreeMap<>();
        ROOTS.lines()
                .forEach(line -> roots.put(
                        line.split(" ", 2)[0],
                        Stream.of(Static.values())
                                .filter(one -> Pattern.compile("\\b" + one + "\\b")
                                        .matcher(line)
                                        .find())
                                .collect(toSet())));
        return roots;
    }

    private static Set<Static> found(Class<?> fixture) {
        return statics(new ClassFileImporter().importClass(fixture));
    }

    private static Set<Static> statics(JavaClass type) {
        return Stream.of(Static.values())
                .filter(one -> type.getCodeUnitAccessesFromSelf().stream().anyMatch(one::isMeantBy))
                .collect(toSet());
    }

    private static Set<Static> union(Set<Static> one, Set<Static> other) {
        return Stream.concat(one.stream(), other.stream()).collect(toSet());
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(StaticsTest::outermost).orElse(type.getName());
    }

    private static final class ReadsNow {
        Instant read() {
            return Instant.now();
        }
    }

    private static final class RefersToNanoTime {
        final LongSupplier ticker = System::nanoTime;
    }

    private static final class ThrowsDice {
        int roll() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    private static final class MakesUnseededDice {
        final Random dice = new Random();
    }

    private static final class MakesSeededDice {
        final Random dice = new Random(1);
    }

    private static final class MakesAnId {
        final UUID id = UUID.randomUUID();
    }

    private static final class Sleeps {
        void nap() throws InterruptedException {
            Thread.sleep(1);
        }
    }
}
