package dev.pulse.storepostgres;

import dev.pulse.model.PulseException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The migrations as text: what {@link Migrations} would do, for whoever runs it by hand. */
final class MigrationScript {
    private static final Pattern ROLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_$-]{0,62}");

    private MigrationScript() {}

    static String of(String schema, int from, @Nullable String role, LocalDate today) {
        int newest = Migrations.SCRIPTS.size();
        if (from < 1 || from > newest) {
            throw PulseException.invalid("from", "1 to " + newest + " are allowed, got " + from);
        }
        if (role != null && !ROLE.matcher(role).matches()) {
            throw PulseException.invalid("role", "a role's name is expected, got \"" + role + "\"");
        }
        StringBuilder sql = new StringBuilder("-- Pulse, schema " + schema + ", versions " + from + " to " + newest
                + ". Run it as it is, by the owner: psql -v ON_ERROR_STOP=1 -f FILE\nbegin;\n");
        if (from == 1) {
            sql.append("create schema if not exists ").append(schema).append(";\n");
            sql.append(Migrations.table(schema)).append(";\n");
        }
        for (int version = from; version <= newest; version++) {
            version(sql, schema, version, today);
        }
        if (from == 1) {
            days(sql, schema, today);
        }
        if (role != null) {
            grants(sql, schema, "\"" + role + "\"");
        }
        return sql.append("commit;\n").toString();
    }

    private static void version(StringBuilder sql, String schema, int version, LocalDate today) {
        String script = Migrations.script(version);
        String name = Migrations.SCRIPTS.get(version - 1);
        sql.append("\n-- ").append(name).append('\n').append(Statement.inSchema(script, schema));
        if (version == 1) {
            String start = "'" + Days.start(today.minusDays(1)) + "'";
            sql.append("insert into ").append(schema).append(".control (day_from, day_until) values (");
            sql.append(start).append(", ").append(start).append(");\n");
        }
        sql.append("insert into ").append(schema).append(".migration (version, name, checksum) values (");
        sql.append(version).append(", '").append(name).append("', '");
        sql.append(Migrations.checksum(script)).append("');\n");
    }

    private static void days(StringBuilder sql, String schema, LocalDate today) {
        LocalDate until = today.plusDays(Days.AHEAD + 1);
        sql.append(
                "\n-- The days, a week ahead; later ones are made by the owner with `pulse migrate`, or by a server.\n");
        for (LocalDate day = today.minusDays(1); day.isBefore(until); day = day.plusDays(1)) {
            for (String statement : Days.making(schema, day)) {
                sql.append(statement).append(";\n");
            }
        }
        sql.append("update ")
                .append(schema)
                .append(".control set day_until = '")
                .append(Days.start(until))
                .append("';\n");
    }

    private static void grants(StringBuilder sql, String schema, String role) {
        sql.append("\n-- What the application needs, and no more.\n");
        sql.append("grant usage on schema ")
                .append(schema)
                .append(" to ")
                .append(role)
                .append(";\n");
        sql.append("grant select, insert, update, delete, truncate on all tables in schema ")
                .append(schema);
        sql.append(" to ").append(role).append(";\n");
        sql.append("grant usage, select on all sequences in schema ")
                .append(schema)
                .append(" to ")
                .append(role)
                .append(";\n");
    }
}
