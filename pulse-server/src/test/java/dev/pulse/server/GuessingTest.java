package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.server.TestServer.Answer;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Two servers on one database: what is found out about a caller, or taken from one, holds at both. */
class GuessingTest {
    private static final String USERS = "ann:canary-1";

    @Test
    void replicasShareWhatTheyKnowOfCallersAndTheDatabaseHoldsNoSecret() throws Exception {
        String database = SharedPostgres.freshDatabase();
        try (TestServer one = TestServer.withUsers(database, USERS);
                TestServer two = TestServer.withUsers(database, USERS)) {
            for (int i = 0; i < 10; i++) {
                TestServer server = i % 2 == 0 ? one : two;
                assertThat(server.as("ann", "canary-guess").get("/stats").status())
                        .as("guess %d", i)
                        .isEqualTo(401);
            }
            Answer delayed = one.as("ann", "canary-1").get("/stats");
            assertThat(delayed.status()).isEqualTo(429);
            assertThat(delayed.header("Retry-After")).isEqualTo("1");
            assertThat(delayed.field("detail")).contains("try again in 1s");
            assertThat(statusFrom("127.0.0.2", two)).as("from another address").isEqualTo(200);

            String key = two.authorized(TestServer.basic("ann", "canary-1"))
                    .post("/keys", "{\"role\":\"admin\"}")
                    .field("key");
            assertThat(key).as("once it was remembered, from anywhere").isNotEmpty();
            assertThat(one.authorized("Bearer " + key).get("/stats").status()).isEqualTo(200);

            String all = dump(database);
            assertThat(all).contains("key.create", "signin.refused", key.substring(6, 18));
            assertThat(all).doesNotContain("canary", key.substring(19));
        }
    }

    private static int statusFrom(String address, TestServer server) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .localAddress(InetAddress.getByName(address))
                .build()) {
            HttpRequest request =
                    server.as("ann", "canary-1").request("/stats").GET().build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    /** Every row of every table, as text. */
    private static String dump(String database) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(DatabaseUrl.toJdbc(database));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select query_to_xml('select * from pulse.' || quote_ident(tablename), true, false, '')::text"
                                + " from pg_tables where schemaname = 'pulse'")) {
            while (rows.next()) {
                all.append(rows.getString(1));
            }
        }
        return all.toString();
    }
}
