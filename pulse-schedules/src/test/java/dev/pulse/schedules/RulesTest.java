package dev.pulse.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What doors read; what they refuse is in BadInputTest. */
class RulesTest {
    private final List<Violation> faults = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "EST5EDT, America/New_York",
        "US/Eastern, America/New_York",
        "US/Hawaii, Pacific/Honolulu",
        "Europe/Kiev, Europe/Kyiv",
        "Asia/Calcutta, Asia/Kolkata",
        "GB, Europe/London",
        "Etc/UTC, UTC",
        "Zulu, UTC",
        "Europe/Vienna, Europe/Vienna",
        "Europe/Oslo, Europe/Oslo",
        "Etc/GMT+5, Etc/GMT+5",
        "UTC, UTC",
        "GMT, GMT",
        "CET, CET",
    })
    void zoneIsShownByItsPresentName(String id, String shown) {
        assertThat(Rules.zone(id, faults)).isEqualTo(shown);
        assertThat(faults).isEmpty();
    }

    @Test
    void everyOldNameHasTheRulesOfThePresentOne() {
        Set<String> known = ZoneId.getAvailableZoneIds();
        Zones.oldNames().forEach((old, present) -> {
            assertThat(known).as("what %s is called", old).contains(present);
            assertThat(Zones.oldNames()).as("%s is a present name", present).doesNotContainKey(present);
            if (known.contains(old)) {
                assertThat(changes(old)).as(old).isEqualTo(changes(present));
            }
        });
    }

    /** All changes of the clock since 1970, when the database promises to be right, and the offset before them. */
    private static List<Object> changes(String id) {
        ZoneRules rules = ZoneId.of(id).getRules();
        List<Object> changes = new ArrayList<>(List.of(rules.getOffset(Instant.EPOCH)));
        ZoneOffsetTransition change = rules.nextTransition(Instant.EPOCH);
        while (change != null && change.getDateTimeBefore().getYear() < 2060) {
            changes.add(change);
            change = rules.nextTransition(change.getInstant());
        }
        return changes;
    }

    @Test
    void textsBecomeValues() {
        assertThat(Rules.every("1h30m", ScheduleRule.Pace.FIXED_DELAY, faults))
                .isEqualTo(new ScheduleRule.Every(Duration.ofMinutes(90), ScheduleRule.Pace.FIXED_DELAY));
        assertThat(Rules.every("1s", ScheduleRule.Pace.FIXED_RATE, faults)).isNotNull();
        assertThat(Rules.every("1500ms", ScheduleRule.Pace.FIXED_RATE, faults)).isNotNull();
        assertThat(Rules.after("PT5M", faults)).isEqualTo(new ScheduleRule.After(Duration.ofMinutes(5)));
        assertThat(Rules.cron("0 7 * * MON-FRI", faults)).isEqualTo(new ScheduleRule.Cron("0 7 * * MON-FRI"));
        assertThat(Rules.jitter("0s", faults)).isEqualTo(Duration.ZERO);
        assertThat(Rules.excluded(List.of("2026-12-25", "2026-12-24", "2026-12-25"), faults))
                .containsExactly(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25));
        assertThat(faults).isEmpty();
    }

    @Test
    void faultsOfSeveralTextsAreCollected() {
        Rules.every("0s", ScheduleRule.Pace.FIXED_RATE, faults);
        Rules.cron("* * * *", faults);
        Rules.zone("Mars/Base", faults);

        assertThat(faults).extracting(Violation::field).containsExactly("every", "cron", "time_zone");
    }
}
