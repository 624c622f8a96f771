package dev.pulse.torture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker of plain HTTP calls, as any language can write it: it reports when we say so, however late that is. */
final class HttpWorker {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String sessions;
    private final String session;
    private String job = "";
    private String token = "";

    HttpWorker(int port, String type, Duration lease) throws IOException, InterruptedException {
        this.sessions = "http://127.0.0.1:" + port + "/sessions";
        String opened = post(
                sessions,
                "{\"worker\":\"http\",\"types\":[\"" + type + "\"],\"lease_ttl\":\"" + lease.toSeconds() + "s\"}");
        this.session = field(opened, "session_id");
    }

    /** Takes one job and keeps its token. */
    void claim() throws IOException, InterruptedException {
        String claimed = post(sessions + "/" + session + "/claim", "{\"max\":1,\"wait\":\"20s\"}");
        job = field(claimed, "id");
        token = field(claimed, "token");
    }

    /** Reports that the job is done; returns the answer. */
    String ack() throws IOException, InterruptedException {
        String report = "{\"reports\":[{\"id\":\"" + job + "\",\"token\":\"" + token + "\",\"outcome\":\"ack\"}]}";
        return field(post(sessions + "/" + session + "/report", report), "answer");
    }

    private String post(String url, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in " + json);
        }
        return matcher.group(1);
    }
}
