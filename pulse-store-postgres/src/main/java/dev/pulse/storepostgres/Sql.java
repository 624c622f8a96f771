package dev.pulse.storepostgres;

import dev.pulse.model.QueueSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of one statement: named parameters in, rows out. Not thread-safe; closes its statement itself. */
final class Sql {
    /** Maps one row. */
    @FunctionalInterface
    interface Row<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Statement statement;
    private final String text;
    private final List<Binding> bindings = new ArrayList<>();

    private record Binding(String name, Object value) {}

    /** A null with the type that the driver has to be told. */
    private record Null(int sqlType) {}

    Sql(Connection connection, Statement statement, String text) {
        this.connection = connection;
        this.statement = statement;
        this.text = text;
    }

    Sql set(String name, @Nullable UUID value) {
        return bind(name, value == null ? new Null(Types.OTHER) : value);
    }

    Sql set(String name, @Nullable String value) {
        return bind(name, value == null ? new Null(Types.VARCHAR) : value);
    }

    Sql setBytes(String name, byte[] value) {
        return bind(name, value);
    }

    Sql set(String name, long value) {
        return bind(name, value);
    }

    Sql set(String name, @Nullable Long value) {
        return bind(name, value == null ? new Null(Types.BIGINT) : value);
    }

    Sql set(String name, @Nullable Double value) {
        return bind(name, value == null ? new Null(Types.DOUBLE) : value);
    }

    Sql set(String name, int value) {
        return bind(name, value);
    }

    Sql set(String name, boolean value) {
        return bind(name, value);
    }

    Sql set(String name, @Nullable Instant value) {
        return bind(name, value == null ? new Null(Types.TIMESTAMP_WITH_TIMEZONE) : value.atOffset(ZoneOffset.UTC));
    }

    /** An array parameter; {@code type} is the element's name in PostgreSQL. Elements may be null. */
    Sql setArray(String name, String type, @Nullable Object[] values) throws SQLException {
        return bind(name, connection.createArrayOf(type, values));
    }

    /** One field of many rows as an array parameter. */
    <T> Sql setColumn(String name, String type, List<T> rows, Function<T, @Nullable Object> field) throws SQLException {
        // The driver encodes arrays of bytes only where the array says so in its type.
        @Nullable Object[] values = type.equals("bytea") ? new byte[rows.size()][] : new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = field.apply(rows.get(i));
        }
        return setArray(name, type, values);
    }

    /** The places 0, 1, 2, … of as many rows. */
    Sql setPlaces(String name, int rows) throws SQLException {
        Object[] places = new Object[rows];
        for (int i = 0; i < rows; i++) {
            places[i] = i;
        }
        return setArray(name, "int4", places);
    }

    Sql setUuids(String name, @Nullable Collection<UUID> values) throws SQLException {
        return values == null ? bind(name, new Null(Types.ARRAY)) : setArray(name, "uuid", values.toArray());
    }

    /** Patterns of LIKE that match the names of these queues; null for all. Of what is special there a name holds _ only. */
    Sql setQueues(String name, QueueSet queues) throws SQLException {
        return queues.isAll()
                ? bind(name, new Null(Types.ARRAY))
                : setArray(
                        name,
                        "text",
                        queues.patterns().stream()
                                .map(pattern -> pattern.replace("_", "\\_").replace('*', '%'))
                                .toArray());
    }

    private Sql bind(String name, Object value) {
        bindings.add(new Binding(name, value));
        return this;
    }

    <T> List<T> list(Row<T> row) throws SQLException {
        try (PreparedStatement prepared = prepare();
                ResultSet rows = prepared.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(row.map(rows));
            }
            return result;
        }
    }

    <T> Set<T> set(Row<T> row) throws SQLException {
        return new HashSet<>(list(row));
    }

    <T> @Nullable T first(Row<T> row) throws SQLException {
        List<T> all = list(row);
        return all.isEmpty() ? null : all.getFirst();
    }

    int update() throws SQLException {
        try (PreparedStatement prepared = prepare()) {
            return prepared.executeUpdate();
        }
    }

    private PreparedStatement prepare() throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(text);
        try {
            int index = 0;
            for (String name : statement.parameters()) {
                bind(prepared, ++index, value(name));
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement prepared, int index, Object value) throws SQLException {
        if (value instanceof Null(int type)) {
            prepared.setNull(index, type);
        } else if (value instanceof java.sql.Array array) {
            prepared.setArray(index, array);
        } else {
            prepared.setObject(index, value);
        }
    }

    private Object value(String name) {
        for (Binding binding : bindings) {
            if (binding.name().equals(name)) {
                return binding.value();
            }
        }
        throw new IllegalStateException(statement.fileName() + " needs :" + name);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static @Nullable UUID nullableUuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }
}
