package dev.pulse.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What docs/access.md promises: the tests expect what stands there, and ask no code. */
final class AccessTable {
    private static final Path PAGE = Path.of("..", "docs", "access.md");
    private static final String NONE = "–";

    /**
     * One row.
     *
     * @param rest like {@code GET /jobs/{id}}, or empty
     * @param grpc the method, or empty
     * @param foreign what becomes of a foreign queue
     */
    record Row(String rest, String grpc, String needs, String reach, String foreign) {
        @Override
        public String toString() {
            return rest.isEmpty() ? grpc : rest;
        }
    }

    private AccessTable() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : table("| REST | gRPC |")) {
            rows.add(new Row(cells.get(0), cells.get(1), cells.get(2), cells.get(3), cells.get(4)));
        }
        return rows;
    }

    /** What each role may. */
    static Map<String, Set<String>> roles() {
        List<String> permissions = List.of("read", "submit", "work", "operate", "administer");
        Map<String, Set<String>> roles = new LinkedHashMap<>();
        for (List<String> cells : table("| role | read |")) {
            Set<String> allowed = new LinkedHashSet<>();
            for (int i = 0; i < permissions.size(); i++) {
                if (cells.get(i + 1).equals("yes")) {
                    allowed.add(permissions.get(i));
                }
            }
            roles.put(cells.getFirst(), allowed);
        }
        return roles;
    }

    private static List<List<String>> table(String head) {
        List<String> lines;
        try {
            lines = Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int at = 0;
        while (!lines.get(at).startsWith(head)) {
            at++;
        }
        List<List<String>> rows = new ArrayList<>();
        for (at += 2; at < lines.size() && lines.get(at).startsWith("|"); at++) {
            List<String> cells = new ArrayList<>();
            for (String cell : lines.get(at).substring(1).split("\\|", -1)) {
                String text = cell.strip().replace("`", "");
                cells.add(text.equals(NONE) ? "" : text);
            }
            rows.add(cells);
        }
        return rows;
    }
}
