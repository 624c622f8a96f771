package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is saved, for whom it can be read, and to whom it is sent. */
class SavedConfigTest {
    @TempDir
    private Path home;

    private final TestShell shell = new TestShell();

    @BeforeEach
    void liveHere() {
        shell.environment().put("HOME", home.toString());
    }

    @Test
    void secretComesFromStandardInputAndTheFileIsTheOwnersAlone() throws Exception {
        assertThat(save("--url", "jobs.example:7000", "--username", "ann")).isZero();
        assertThat(shell.take()).isEqualTo("saved to " + file() + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
        assertThat(Files.readString(file())).isEqualTo("""
                        # Written by pulse save creds.
                        addr=jobs.example\\:7000
                        password=canary é \\\\\\=
                        user=ann
                        """);
        assertThat(SavedConfig.read(shell.shell()).password()).isEqualTo("canary é \\=");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void savingReplacesAFileWithOtherPermissionsAndWithoutAnythingLeftOver() throws Exception {
        save("--username", "ann");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(shell.typing("pulse_id_key\n").run("save", "creds", "--api-key"))
                .isZero();
        assertThat(Files.readString(file())).isEqualTo("# Written by pulse save creds.\napi-key=pulse_id_key\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void passwordAmongTheFlagsIsTakenWithAWarning() {
        assertThat(shell.run("save", "creds", "--username", "ann", "--password", "canary"))
                .isZero();
        assertThat(shell.err())
                .contains("every user of this machine")
                .doesNotContain("canary")
                .hasLineCount(1);
        assertThat(SavedConfig.read(shell.shell()).password()).isEqualTo("canary");
    }

    @Test
    void configurationFolderOfTheDesktopStandardComesFirst() {
        shell.environment().put("XDG_CONFIG_HOME", home.resolve("xdg").toString());
        save("--username", "ann");
        assertThat(home.resolve("xdg/pulse/config.properties")).exists();
    }

    @Test
    void viewShowsWhatHoldsAndWhereFromButNoSecret() {
        shell.run("config", "view");
        assertThat(shell.take())
                .containsPattern("addr +localhost:50051 +default")
                .containsPattern("user +- +not set");
        save("--url", "jobs.example:7000", "--username", "ann");
        shell.take();
        shell.environment().put("PULSE_ADDR", "other:1");
        assertThat(shell.run("config", "view")).isZero();
        assertThat(shell.take())
                .containsPattern("addr +other:1 +PULSE_ADDR")
                .containsPattern("user +ann +saved")
                .containsPattern("password +\\*+ +saved")
                .contains("saved in " + file())
                .doesNotContain("canary");
        assertThat(shell.run("config", "view", "--json")).isZero();
        assertThat(shell.out())
                .contains("\"addr\":{\"value\":\"other:1\",\"from\":\"PULSE_ADDR\"}")
                .contains("\"api_key\":{\"value\":null,\"from\":\"not set\"}")
                .doesNotContain("canary")
                .hasLineCount(1);
    }

    @Test
    void fileThatOthersCanReadIsWarnedAbout() throws Exception {
        save("--username", "ann");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(shell.run("config", "view")).isZero();
        assertThat(shell.err())
                .contains("rw-r-----", "chmod 600", file().toString())
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usre=ann", "addr=\\u12"})
    void fileThatCannotBeUnderstoodIsRefusedNamingIt(String text) throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);
        assertThat(shell.run("stats")).isEqualTo(2);
        assertThat(shell.err()).contains(file().toString()).hasLineCount(1);
    }

    @Test
    void unknownKeyIsAnsweredWithTheNearest() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "usre=ann");
        shell.run("stats");
        assertThat(shell.err()).contains("did you mean user?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--api-key --username ann",
                "--url nowhere:99999 --username ann",
                "--url a/b --username ann",
                "--username a:b",
                "--username"
            })
    void whatNoServerCanTakeIsRefusedAndNothingIsSaved(String flags) {
        assertThat(save(flags.split(" "))).isEqualTo(2);
        assertThat(shell.err()).hasLineCount(1);
        assertThat(file()).doesNotExist();
    }

    @Test
    void emptyPasswordIsRefused() {
        assertThat(shell.typing("\n").run("save", "creds", "--username", "ann")).isEqualTo(2);
        assertThat(file()).doesNotExist();
    }

    @Test
    void savedSecretGoesToItsOwnServerOnly() {
        SavedConfig saved = new SavedConfig("jobs.example:7000", false, "ann", "canary", null);
        assertThat(filled(saved, "jobs.example:7000", Map.of()))
                .containsEntry("PULSE_USER", "ann")
                .containsEntry("PULSE_PASSWORD", "canary");
        assertThat(filled(saved, "jobs.example:7001", Map.of())).isEmpty();
        assertThat(filled(saved, "evil.example:7000", Map.of())).isEmpty();
        assertThat(filled(saved, "localhost", Map.of())).isEmpty();
    }

    @Test
    void namesOfThisMachineAreOneServer() {
        SavedConfig saved = new SavedConfig("127.0.0.1:50051", false, null, null, "key");
        assertThat(filled(saved, "localhost", Map.of())).containsEntry("PULSE_API_KEY", "key");
    }

    @Test
    void whatTheEnvironmentOrFlagsSayComesFirst() {
        SavedConfig saved = new SavedConfig(null, false, "ann", "canary", null);
        assertThat(filled(saved, "localhost", Map.of("PULSE_USER", "ann"))).containsEntry("PULSE_PASSWORD", "canary");
        assertThat(filled(saved, "localhost", Map.of("PULSE_USER", "bob"))).doesNotContainKey("PULSE_PASSWORD");
        assertThat(filled(saved, "localhost", Map.of("PULSE_API_KEY", "k"))).containsOnlyKeys("PULSE_API_KEY");
    }

    @Test
    void addressIsTakenFromTheFlagThenTheEnvironmentThenTheFile() {
        save("--url", "localhost:3", "--username", "ann");
        assertThat(shell.run("stats")).isEqualTo(6);
        assertThat(shell.err()).contains("localhost:3");
        shell.environment().put("PULSE_ADDR", "localhost:2");
        shell.run("stats");
        assertThat(shell.err()).contains("localhost:2");
        shell.run("stats", "--addr", "localhost:1");
        assertThat(shell.err()).contains("localhost:1");
    }

    private static Map<String, String> filled(SavedConfig saved, String server, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>(environment);
        saved.fill(given, server);
        return given;
    }

    private int save(String... flags) {
        String[] words = new String[flags.length + 2];
        words[0] = "save";
        words[1] = "creds";
        System.arraycopy(flags, 0, words, 2, flags.length);
        return shell.typing("canary é \\=\n").run(words);
    }

    private Path file() {
        return home.resolve(".config/pulse/config.properties");
    }
}
