package dev.pulse.schedules;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The zones that may be named: ids of the time zone database of the running JDK, never mere offsets. */
final class Zones {
    /**
     * Old names and what they are called since. Only names of the same rules: a city that shares its rules with a larger one
     * since 1970, as Oslo does with Berlin, keeps its name.
     */
    private static final String SINCE = """
        Africa/Asmera Africa/Asmara
        America/Atka America/Adak
        America/Buenos_Aires America/Argentina/Buenos_Aires
        America/Catamarca America/Argentina/Catamarca
        America/Cordoba America/Argentina/Cordoba
        America/Fort_Wayne America/Indiana/Indianapolis
        America/Godthab America/Nuuk
        America/Indianapolis America/Indiana/Indianapolis
        America/Jujuy America/Argentina/Jujuy
        America/Knox_IN America/Indiana/Knox
        America/Louisville America/Kentucky/Louisville
        America/Mendoza America/Argentina/Mendoza
        America/Porto_Acre America/Rio_Branco
        Asia/Ashkhabad Asia/Ashgabat
        Asia/Calcutta Asia/Kolkata
        Asia/Dacca Asia/Dhaka
        Asia/Katmandu Asia/Kathmandu
        Asia/Macao Asia/Macau
        Asia/Rangoon Asia/Yangon
        Asia/Saigon Asia/Ho_Chi_Minh
        Asia/Thimbu Asia/Thimphu
        Asia/Ujung_Pandang Asia/Makassar
        Asia/Ulan_Bator Asia/Ulaanbaatar
        Atlantic/Faeroe Atlantic/Faroe
        Australia/ACT Australia/Sydney
        Australia/Canberra Australia/Sydney
        Australia/LHI Australia/Lord_Howe
        Australia/NSW Australia/Sydney
        Australia/North Australia/Darwin
        Australia/Queensland Australia/Brisbane
        Australia/South Australia/Adelaide
        Australia/Tasmania Australia/Hobart
        Australia/Victoria Australia/Melbourne
        Australia/West Australia/Perth
        Australia/Yancowinna Australia/Broken_Hill
        Brazil/Acre America/Rio_Branco
        Brazil/DeNoronha America/Noronha
        Brazil/East America/Sao_Paulo
        Brazil/West America/Manaus
        CST6CDT America/Chicago
        Canada/Atlantic America/Halifax
        Canada/Central America/Winnipeg
        Canada/Eastern America/Toronto
        Canada/Mountain America/Edmonton
        Canada/Newfoundland America/St_Johns
        Canada/Pacific America/Vancouver
        Canada/Saskatchewan America/Regina
        Canada/Yukon America/Whitehorse
        Chile/Continental America/Santiago
        Chile/EasterIsland Pacific/Easter
        Cuba America/Havana
        EST5EDT America/New_York
        Egypt Africa/Cairo
        Eire Europe/Dublin
        Etc/UCT UTC
        Etc/UTC UTC
        Etc/Universal UTC
        Etc/Zulu UTC
        Europe/Kiev Europe/Kyiv
        GB Europe/London
        GB-Eire Europe/London
        Greenwich GMT
        Hongkong Asia/Hong_Kong
        Iceland Atlantic/Reykjavik
        Iran Asia/Tehran
        Israel Asia/Jerusalem
        Jamaica America/Jamaica
        Japan Asia/Tokyo
        Kwajalein Pacific/Kwajalein
        Libya Africa/Tripoli
        MST7MDT America/Denver
        Mexico/BajaNorte America/Tijuana
        Mexico/BajaSur America/Mazatlan
        Mexico/General America/Mexico_City
        NZ Pacific/Auckland
        NZ-CHAT Pacific/Chatham
        Navajo America/Denver
        PRC Asia/Shanghai
        PST8PDT America/Los_Angeles
        Pacific/Enderbury Pacific/Kanton
        Pacific/Samoa Pacific/Pago_Pago
        Poland Europe/Warsaw
        Portugal Europe/Lisbon
        ROC Asia/Taipei
        ROK Asia/Seoul
        Singapore Asia/Singapore
        Turkey Europe/Istanbul
        UCT UTC
        US/Alaska America/Anchorage
        US/Aleutian America/Adak
        US/Arizona America/Phoenix
        US/Central America/Chicago
        US/East-Indiana America/Indiana/Indianapolis
        US/Eastern America/New_York
        US/Hawaii Pacific/Honolulu
        US/Indiana-Starke America/Indiana/Knox
        US/Michigan America/Detroit
        US/Mountain America/Denver
        US/Pacific America/Los_Angeles
        US/Samoa Pacific/Pago_Pago
        Universal UTC
        W-SU Europe/Moscow
        Zulu UTC
        """;

    private static final Map<String, String> NAMES = names();

    private Zones() {}

    private static Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        SINCE.lines().forEach(line -> {
            int space = line.indexOf(' ');
            names.put(line.substring(0, space), line.substring(space + 1));
        });
        return Map.copyOf(names);
    }

    /** Old names that are read and the names that they are shown by. */
    static Map<String, String> oldNames() {
        return NAMES;
    }

    /**
     * The zone of that id.
     *
     * @throws IllegalArgumentException with a sentence for a person when the database has none of that id
     */
    static ZoneId zone(String id) {
        if (ZoneRulesProvider.getAvailableZoneIds().contains(id)) {
            try {
                return ZoneId.of(id);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("the rules of " + id + " cannot be read: " + e.getMessage(), e);
            }
        }
        throw new IllegalArgumentException(fault(id, ZoneRulesProvider.getAvailableZoneIds()));
    }

    /** The id that a zone is shown by: an old name becomes the present one, where the database has it. */
    static String canonical(String id) {
        String name = NAMES.getOrDefault(id, id);
        return ZoneRulesProvider.getAvailableZoneIds().contains(name) ? name : id;
    }

    private static String fault(String id, Set<String> known) {
        if (id.isEmpty()) {
            return "must not be empty; write an id of the time zone database, for example Europe/Vienna";
        }
        String shown = CronText.shown(id);
        Optional<String> meant =
                known.stream().filter(one -> one.equalsIgnoreCase(id)).findFirst();
        return meant.map(name -> shown + " is unknown; did you mean " + name + "?")
                .orElse(
                        shown
                                + " is not in the time zone database; write an id such as Europe/Vienna, America/New_York or UTC");
    }
}
