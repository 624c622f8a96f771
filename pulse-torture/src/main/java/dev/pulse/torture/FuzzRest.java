package dev.pulse.torture;

import dev.pulse.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fuzzes the REST door over a connection of its own, request by request, and judges each answer. One thread. */
final class FuzzRest implements AutoCloseable {
    private static final Set<Integer> STATUSES =
            Set.of(200, 201, 202, 204, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 429, 431, 501);
    private static final Pattern CODE = Pattern.compile("\"code\":\"(PULSE-\\d+)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":\"([0-9a-f-]{36})\"");
    private static final int PATIENCE_MILLIS = 10_000;
    /** Waits for half a minute unless it is told otherwise, as documented; or acts at the pace that was asked for. */
    private static final Pattern MAY_WAIT =
            Pattern.compile("^\\S+ /(?:(?:jobs|bundles)/[^/ ]+/wait|jobs/bulk|dlq/retry)");

    private static final List<String> METHODS =
            List.of("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get");

    private static final String JOB =
            "id type queue payload headers tags priority run_at delay max_attempts backoff timeout"
                    + " key key_ttl origin scheduled_at max_retries";
    private static final String SCHEDULE =
            "name type payload queue priority at after every cron time_zone misfire overlap start end max_attempts tags";

    /** Method, path and what its body or its query may hold; {@code {x}} is a value of that kind. */
    private static final List<Route> ROUTES = List.of(
            new Route(6, "POST", "/jobs", JOB),
            new Route(2, "POST", "/jobs/batch", "jobs* atomic"),
            new Route(
                    3,
                    "GET",
                    "/jobs",
                    "?status type queue tag origin bundle_id schedule_id q since until limit cursor"),
            new Route(2, "GET", "/jobs/{id}", "?"),
            new Route(1, "DELETE", "/jobs/{deletable}", "?"),
            new Route(1, "GET", "/jobs/{id}/wait", "?timeout"),
            new Route(1, "GET", "/jobs/{id}/logs", "?after limit"),
            new Route(1, "POST", "/jobs/{id}/cancel", ""),
            new Route(1, "POST", "/jobs/{id}/requeue", ""),
            new Route(1, "POST", "/jobs/{id}/run-now", ""),
            new Route(1, "POST", "/jobs/bulk", "action filter dry_run rate wait"),
            new Route(1, "GET", "/bulk", "?limit"),
            new Route(1, "GET", "/bulk/{id}", "?wait"),
            new Route(1, "GET", "/dlq", "?type queue limit cursor q"),
            new Route(1, "POST", "/dlq/{id}/retry", ""),
            new Route(1, "POST", "/dlq/retry", "type queue rate dry_run"),
            new Route(1, "GET", "/stats", "?"),
            new Route(1, "GET", "/throughput", "?window bucket"),
            new Route(3, "POST", "/schedules", SCHEDULE),
            new Route(2, "POST", "/schedules/preview", "cron every at time_zone from count"),
            new Route(1, "GET", "/schedules", "?limit cursor type status"),
            new Route(1, "GET", "/schedules/{schedule_id}", "?"),
            new Route(1, "PATCH", "/schedules/{schedule_id}", SCHEDULE + " version"),
            new Route(1, "GET", "/schedules/{schedule_id}/fires", "?limit cursor"),
            new Route(1, "POST", "/schedules/{schedule_id}/pause", "reason"),
            new Route(1, "POST", "/schedules/{schedule_id}/run-now", ""),
            new Route(1, "DELETE", "/schedules/{schedule_id}", "?"),
            new Route(1, "GET", "/dispatch", "?"),
            new Route(1, "POST", "/dispatch/pause", "reason"),
            new Route(2, "POST", "/dispatch/resume", ""),
            new Route(1, "GET", "/queues", "?limit"),
            new Route(1, "POST", "/queues/{queue}/pause", "reason"),
            new Route(1, "POST", "/queues/{queue}/resume", ""),
            new Route(1, "PATCH", "/queues/{queue}", "max_running rate"),
            new Route(1, "PATCH", "/types/{type}", "max_running rate"),
            new Route(2, "POST", "/bundles", "id type origin jobs* on_complete"),
            new Route(1, "GET", "/bundles", "?limit cursor type"),
            new Route(1, "GET", "/bundles/{bundle_id}", "?"),
            new Route(1, "POST", "/bundles/{bundle_id}/cancel", ""),
            new Route(2, "POST", "/sessions", "worker types queues lease_ttl"),
            new Route(1, "POST", "/sessions/{session_id}/claim", "max wait"),
            new Route(1, "POST", "/sessions/{session_id}/heartbeat", "held"),
            new Route(2, "POST", "/sessions/{session_id}/report", "reports*"),
            new Route(1, "DELETE", "/sessions/{session_id}", "?"),
            new Route(1, "GET", "/workers", "?"),
            new Route(1, "GET", "/servers", "?"),
            new Route(1, "GET", "/audit", "?since actor action limit cursor"),
            new Route(1, "POST", "/subscriptions", "name job_types bundle_types queues events lease max_attempts"),
            new Route(1, "GET", "/subscriptions", "?"),
            new Route(1, "GET", "/openapi.json", "?"),
            new Route(1, "GET", "/keys", "?"),
            new Route(1, "POST", "/keys", "name role queues expires_at"),
            new Route(1, "GET", "/health/live", "?"));

    private static final List<Route> CHOICE = ROUTES.stream()
            .flatMap(route -> Collections.nCopies(route.weight, route).stream())
            .toList();

    private final int port;
    private final FuzzWords words;
    private final FuzzWords.Acknowledged acknowledged;
    private final Consumer<String> defect;
    private Socket socket;

    private record Route(int weight, String method, String path, String fields) {}

    /**
     * @param head request line and headers, up to the empty line
     * @param framed whether what is sent can only be read in one way
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Request(byte[] head, byte[] body, boolean framed, boolean isHead) {
        String shown() {
            String text = new String(head, StandardCharsets.ISO_8859_1) + new String(body, StandardCharsets.UTF_8);
            return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
        }
    }

    private record Answer(int status, String body, boolean keep) {}

    FuzzRest(int port, FuzzWords words, FuzzWords.Acknowledged acknowledged, Consumer<String> defect)
            throws IOException {
        this.port = port;
        this.words = words;
        this.acknowledged = acknowledged;
        this.defect = defect;
        this.socket = connect();
    }

    private Socket connect() throws IOException {
        Socket made = new Socket(InetAddress.getLoopbackAddress(), port);
        made.setSoTimeout(PATIENCE_MILLIS);
        made.setTcpNoDelay(true);
        return made;
    }

    /** Sends one request and judges what comes back. */
    void step() throws IOException {
        Request request = request();
        Answer answer;
        try {
            socket.getOutputStream().write(join(request.head, request.body));
            if (!request.framed) {
                socket.shutdownOutput();
            }
            answer = read(socket.getInputStream(), request.isHead);
        } catch (SocketTimeoutException e) {
            if (!MAY_WAIT.matcher(request.shown()).find()) {
                defect.accept("no answer within " + PATIENCE_MILLIS + " ms to:\n" + request.shown());
            }
            answer = new Answer(0, "", false);
        } catch (IOException e) {
            if (request.framed) {
                defect.accept("the connection was closed (" + e + ") after:\n" + request.shown());
            }
            answer = new Answer(0, "", false);
        }
        if (answer.status != 0) {
            judge(request, answer);
        }
        if (!answer.keep || !request.framed) {
            socket.close();
            socket = connect();
        }
    }

    private void judge(Request request, Answer answer) {
        Matcher code = CODE.matcher(answer.body);
        boolean known = STATUSES.contains(answer.status);
        if (known && answer.status >= 400 && !request.isHead) {
            known = code.find() && isCodeOf(code.group(1), answer.status);
        }
        if (!known) {
            defect.accept("answer " + answer.status + " " + answer.body + " to:\n" + request.shown());
        }
        if (answer.status == 201 && request.shown().startsWith("POST /jobs ")) {
            Matcher id = ID.matcher(answer.body);
            if (id.find()) {
                acknowledged.add(id.group(1));
            }
        }
    }

    /** Refusals of the web server itself have its status and the code of a malformed request. */
    private static boolean isCodeOf(String wireName, int status) {
        ErrorCode code = ErrorCode.fromWire(wireName);
        return code.wireName().equals(wireName)
                && code != ErrorCode.INTERNAL
                && (code.httpStatus() == status || code == ErrorCode.MALFORMED_REQUEST);
    }

    // ---- requests ----

    private Request request() {
        Route route = words.one(CHOICE);
        String method = words.chance(0.02) ? words.one(METHODS) : route.method;
        StringBuilder path = new StringBuilder(path(route.path));
        byte[] body = new byte[0];
        if (route.fields.startsWith("?")) {
            query(path, route.fields.substring(1));
        } else {
            String json = words.chance(0.04)
                    ? words.one(List.of("", "[]", "null", "\"x\"", "1", "{", "{}x", "{\"a\":1,}"))
                    : object(route.fields, 0);
            body = json.getBytes(StandardCharsets.UTF_8);
            if (words.chance(0.05)) {
                body = words.mutated(body);
            }
            if (words.chance(0.002)) {
                body = "[".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
            }
        }
        return request(method, path.toString(), body);
    }

    private Request request(String method, String path, byte[] body) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        boolean chunked = body.length > 0 && words.chance(0.1);
        if (words.chance(0.9)) {
            head.append("Content-Type: ")
                    .append(
                            words.chance(0.97)
                                    ? "application/json"
                                    : words.one(List.of("text/plain", "a/b;charset=x", ";")))
                    .append("\r\n");
        }
        if (words.chance(0.03)) {
            head.append(words.one(List.of(
                            "Accept: text/html",
                            "Content-Encoding: gzip",
                            "Authorization: Basic !!!!",
                            "Authorization: Bearer",
                            "If-Match: *",
                            "Range: bytes=0-1",
                            "X-Long: " + "y".repeat(5_000),
                            "Expect: 100-continue-not")))
                    .append("\r\n");
        }
        boolean framed = true;
        byte[] sent = body;
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
            sent = chunks(body);
        } else if (body.length > 0 || !method.equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (words.chance(0.03)) {
            bytes = words.mutated(bytes);
            framed = false;
        } else if (chunked && words.chance(0.1)) {
            sent = words.mutated(sent);
            framed = false;
        }
        return new Request(bytes, sent, framed, method.equals("HEAD"));
    }

    private byte[] chunks(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; ) {
            int length = Math.min(body.length - at, 1 + words.random().nextInt(64));
            out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.writeBytes(new byte[] {'\r', '\n'});
            at += length;
        }
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private String path(String template) {
        Matcher open = Pattern.compile("\\{(\\w+)}").matcher(template);
        String path = open.replaceAll(hole -> {
            String value = hole.group(1).equals("deletable")
                    ? words.deletable()
                    : words.chance(0.9) ? words.good(hole.group(1)) : words.nasty();
            return Matcher.quoteReplacement(encoded(value));
        });
        return words.chance(0.02) ? path + words.one(List.of("/", "//", ";x=1", "/..", "%", "%2f", "%00", "/x")) : path;
    }

    private void query(StringBuilder path, String fields) {
        char separator = '?';
        for (String field : fields.split(" ", -1)) {
            // Without a time a wait takes half a minute.
            boolean likely = field.equals("timeout") || field.equals("wait");
            if (!field.isEmpty() && words.chance(likely ? 0.98 : 0.3)) {
                path.append(separator).append(field).append('=').append(encoded(value(field)));
                separator = '&';
            }
        }
        if (words.chance(0.03)) {
            path.append(separator)
                    .append(words.one(List.of("x=1", "limit", "=", "&&", "limit=1&limit=2", "%zz=1", "a=%c0%af")));
        }
    }

    private String value(String field) {
        return field.equals("limit") && words.chance(0.7) ? "5" : words.text(field);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String object(String fields, int depth) {
        List<String> members = new ArrayList<>();
        for (String field : fields.split(" ", -1)) {
            boolean likely = field.equals("type") || field.equals("types") || field.endsWith("*");
            if (!field.isEmpty() && words.chance(likely ? 0.95 : 0.25)) {
                String name = field.replace("*", "");
                members.add(quoted(name) + ":" + json(field, depth));
            }
        }
        if (words.chance(0.03)) {
            members.add(quoted(words.chance(0.5) ? words.mutated("priority") : "type") + ":1");
        }
        Collections.shuffle(members, words.random());
        return "{" + String.join(",", members) + "}";
    }

    private String json(String field, int depth) {
        if (words.chance(0.04)) {
            return words.one(List.of("null", "true", "[]", "{}", "-0", "1e400", "[[[]]]", "\"\"", "9007199254740993"));
        }
        return switch (field) {
            case "jobs*" -> array(words.random().nextInt(4), () -> object(JOB, depth + 1));
            case "reports*" ->
                array(words.random().nextInt(3), () -> object("id token outcome after reason result", depth + 1));
            case "on_complete" -> object(JOB, depth + 1);
            case "filter" -> object("status type queue origin q", depth + 1);
            case "types", "queues", "held", "job_types", "bundle_types", "events" ->
                array(words.random().nextInt(3), () -> quoted(words.text(field)));
            case "headers", "tags" -> "{" + quoted(words.text("type")) + ":" + quoted(words.text("x")) + "}";
            case "payload", "result" -> depth > 3 ? "1" : object("a b payload", depth + 1);
            case "priority", "max_attempts", "max_retries", "rate", "max", "max_running", "count", "limit", "version" ->
                Integer.toString(words.number());
            case "atomic", "dry_run" -> words.chance(0.5) ? "true" : "false";
            default -> quoted(words.text(field));
        };
    }

    private static String array(int count, java.util.function.Supplier<String> item) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return "[" + String.join(",", items) + "]";
    }

    private String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    // ---- answers ----

    private static Answer read(InputStream in, boolean isHead) throws IOException {
        String line = line(in);
        while (line.startsWith("HTTP/1.1 100")) {
            line(in);
            line = line(in);
        }
        if (!line.startsWith("HTTP/1.1 ")) {
            throw new EOFException("no status line: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        boolean keep = !headers.getOrDefault("Connection", "").equalsIgnoreCase("close");
        if (isHead || status == 204) {
            return new Answer(status, "", keep);
        }
        if (headers.getOrDefault("Transfer-Encoding", "").equals("chunked")) {
            return new Answer(status, dechunked(in), keep);
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8), keep);
    }

    private static String dechunked(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(in), 16); length > 0; length = Integer.parseInt(line(in), 16)) {
            body.writeBytes(in.readNBytes(length));
            line(in);
        }
        line(in);
        return body.toString(StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after \"" + line + "\"");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static byte[] join(byte[] head, byte[] body) {
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
