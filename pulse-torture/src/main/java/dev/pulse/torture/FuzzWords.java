package dev.pulse.torture;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a fuzzed request says in each field: most often something good, so that it gets past the first check, else something
 * that has broken such a field somewhere before. The good values come from small sets, because a thousand types or
 * schedules would be a load test. Not thread-safe; one a caller.
 */
final class FuzzWords {
    /** Ids of jobs that nobody acknowledged for good: what a run may delete. */
    private static final List<String> DELETABLE = uuids("delete", 32);

    private static final List<String> SESSIONS = uuids("session", 16);

    private static final List<String> NAMES = List.of("alpha", "beta.two", "gamma:3", "d-e_f", "Z9");
    private static final List<String> DURATIONS = List.of("10ms", "1s", "2s", "PT1S", "90s", "5m");
    private static final List<String> SHORT = List.of("0s", "1ms", "10ms");
    private static final List<String> TIMES =
            List.of("2030-01-01T00:00:00Z", "2026-11-22T10:00:00+01:00", "1999-12-31T23:59:59.999Z");
    private static final List<String> CRONS =
            List.of("0 7 1 1 *", "0 0 29 2 *", "30 2 L 12 MON", "0 0 12 1 1 *", "15 3 1W 6 *", "0 0 * * 1#2");
    private static final List<String> ZONES = List.of("Europe/Vienna", "UTC", "America/New_York", "Asia/Kolkata");
    private static final List<String> STATUSES =
            List.of("scheduled", "pending", "running", "retrying", "completed", "dead_lettered", "canceled");
    private static final List<String> OUTCOMES =
            List.of("ack", "drop", "retry", "fail", "timeout", "dead_letter", "snooze", "release", "canceled");

    /** By field; what is not here takes any text. */
    private static final Map<String, List<String>> GOOD = Map.ofEntries(
            Map.entry("type", NAMES),
            Map.entry("types", NAMES),
            Map.entry("queue", NAMES),
            Map.entry("queues", NAMES),
            Map.entry("name", NAMES),
            Map.entry("job_types", NAMES),
            Map.entry("bundle_types", NAMES),
            Map.entry("delay", DURATIONS),
            Map.entry("timeout", SHORT),
            Map.entry("wait", SHORT),
            Map.entry("after", DURATIONS),
            Map.entry("every", List.of("300d", "8760h")),
            Map.entry("key_ttl", DURATIONS),
            Map.entry("lease_ttl", List.of("1s", "2s")),
            Map.entry("window", List.of("1h", "1d")),
            Map.entry("bucket", List.of("1m", "1h")),
            Map.entry("run_at", TIMES),
            Map.entry("at", List.of("2039-01-01T00:00:00Z", "2040-06-01T00:00:00+02:00")),
            Map.entry("since", TIMES),
            Map.entry("until", TIMES),
            Map.entry("from", TIMES),
            Map.entry("start", TIMES),
            Map.entry("end", List.of("2050-01-01T00:00:00Z")),
            Map.entry("cron", CRONS),
            Map.entry("time_zone", ZONES),
            Map.entry("status", STATUSES),
            Map.entry("outcome", OUTCOMES),
            Map.entry("misfire", List.of("fire_once", "skip", "fire_all")),
            Map.entry("overlap", List.of("allow", "skip")),
            Map.entry("backoff", List.of("fixed 1s", "quadratic 1s cap 1h jitter 0.1", "exponential 1s x 2 cap 1m")),
            Map.entry("id", uuids("job", 200)),
            Map.entry("job_id", uuids("job", 200)),
            Map.entry("bundle_id", uuids("bundle", 8)),
            Map.entry("schedule_id", uuids("schedule", 8)),
            Map.entry("session_id", SESSIONS),
            Map.entry("token", uuids("token", 8)),
            Map.entry("held", uuids("token", 8)),
            Map.entry("action", List.of("requeue", "cancel", "run_now")),
            Map.entry("tag", List.of("a:b", "c:d")),
            Map.entry("level", List.of("info", "warn")),
            Map.entry("content_type", List.of("application/json", "text/plain", "application/octet-stream")));

    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "\ud800",
            "\u202e\u200b",
            "e\u0301",
            "../../etc/passwd",
            "%00",
            "%zz",
            "' or 1=1 --",
            "\"; drop table job; --",
            "${jndi:ldap://x}",
            "<script>alert(1)</script>",
            "\r\nX-Injected: 1",
            "\u001b[31m",
            "-1",
            "0",
            "2147483648",
            "9223372036854775808",
            "1e400",
            "NaN",
            "P99999999999D",
            "-5s",
            "5",
            "999999999999h",
            "0001-01-01T00:00:00Z",
            "+292278994-08-17T07:12:55Z",
            "2026-02-30T00:00:00Z",
            "* * * * * * *",
            "*/0 * * * *",
            "0 0 30 2 *",
            "60 * * * *",
            "@reboot",
            "Mars/Base",
            "CET+1",
            "00000000-0000-0000-0000-000000000000",
            "{0198c0de-0000-7000-8000-00000000000a}",
            "pulse.reserved",
            "_pulse",
            "null",
            "true",
            "[]",
            "\uFEFF",
            "ﷺ");

    private final Random random;

    FuzzWords(Random random) {
        this.random = random;
    }

    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Something for that field, good four times in five. */
    String text(String field) {
        return chance(0.8) ? good(field) : nasty();
    }

    String good(String field) {
        List<String> known = GOOD.get(field);
        return known == null ? one(NAMES) : one(known);
    }

    String deletable() {
        return one(DELETABLE);
    }

    String nasty() {
        return switch (random.nextInt(8)) {
            case 0 -> one(NASTY).repeat(1 + random.nextInt(40));
            case 1 -> "x".repeat(1 << random.nextInt(14));
            case 2 -> mutated(one(CRONS));
            case 3 -> mutated(one(DURATIONS));
            case 4 -> mutated(one(TIMES));
            default -> one(NASTY);
        };
    }

    /** One to three characters changed, doubled or taken away. */
    String mutated(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && !changed.isEmpty(); i--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) random.nextInt(0x180));
                case 1 -> changed.insert(at, changed.charAt(at));
                default -> changed.deleteCharAt(at);
            }
        }
        return changed.toString();
    }

    byte[] mutated(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(3)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                default -> changed = java.util.Arrays.copyOf(changed, at);
            }
        }
        return changed;
    }

    int number() {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.MIN_VALUE;
            case 1 -> Integer.MAX_VALUE;
            case 2 -> -1;
            case 3 -> 0;
            default -> 1 + random.nextInt(5);
        };
    }

    Instant time() {
        return Instant.ofEpochSecond(1_900_000_000L + random.nextInt(1_000_000));
    }

    private static List<String> uuids(String salt, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> new UUID(
                                0x0199_0000_0000_7000L + ((long) salt.hashCode() << 20 & 0xFFFF_FFF0_0000L),
                                i | Long.MIN_VALUE)
                        .toString())
                .toList();
    }

    /** Ids that a run was told were stored, by door. */
    static final class Acknowledged {
        private final java.util.Set<UUID> ids = ConcurrentHashMap.newKeySet();

        void add(String id) {
            if (!DELETABLE.contains(id)) {
                ids.add(UUID.fromString(id));
            }
        }

        java.util.Set<UUID> ids() {
            return ids;
        }
    }
}
