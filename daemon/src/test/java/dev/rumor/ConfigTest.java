package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.Settings;
import dev.rumor.deploy.Tool;
import dev.rumor.tcp.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

    @TempDir
    private Path directory;

    private static final String STATE = "/var/lib/me";

    @Test
    void whatIsNotSaidIsTheDefault() {
        Config config = Config.of(new Sources().environment(Map.of("XDG_STATE_HOME", STATE)));
        assertThat(config.name()).matches("[A-Za-z0-9._-]{1,64}");
        assertThat(config)
                .isEqualTo(new Config(
                        config.name(),
                        false,
                        "default",
                        new Address("127.0.0.1", 7400),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of(),
                        List.of(),
                        false,
                        Duration.ofSeconds(1),
                        3,
                        64,
                        Duration.ZERO,
                        1 << 20,
                        256L << 20,
                        512L << 20,
                        Duration.ZERO,
                        Settings.WhenFull.REFUSE,
                        false,
                        Optional.of(Path.of(STATE, "rumor", "default", config.name())),
                        Config.LogFormat.TEXT));
    }

    @Test
    void theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        Path file = file("name=from-file\nfanout=5\ncluster=from-file\n");
        Config config = Config.of(new Sources()
                .flags(Map.of(Setting.NAME, "from-flag"))
                .environment(Map.of("RUMOR_NAME", "from-variable", "RUMOR_FANOUT", "4"))
                .file(file));
        assertThat(config.name()).isEqualTo("from-flag");
        assertThat(config.fanout()).isEqualTo(4);
        assertThat(config.cluster()).isEqualTo("from-file");
    }

    @Test
    void everySettingHasOneNameEverywhere() {
        assertThat(Setting.GOSSIP_INTERVAL.flag()).isEqualTo("--gossip-interval");
        assertThat(Setting.GOSSIP_INTERVAL.variable()).isEqualTo("RUMOR_GOSSIP_INTERVAL");
        assertThat(Setting.GOSSIP_INTERVAL.key()).isEqualTo("gossip-interval");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name            | a b       | name: 1 to 64 of A-Z a-z 0-9 . _ -, not 'a b'
            cluster         | ü         | cluster: 1 to 64 of A-Z a-z 0-9 . _ -, not 'ü'
            listen          | 7400      | listen: an address is host:port, as in 127.0.0.1:7400, not 7400
            listen          | ::1:7400  | listen: an IPv6 address stands in brackets, as in [::1]:7400, not ::1:7400
            seeds           | h:1,h:0   | seeds: port 0 cannot be dialled: h:0
            advertise       | h:70000   | advertise: a port is 0 to 65535, not 70000
            gossip-interval | 9ms       | gossip-interval: 10ms to 1h, in ms, s, m, h or d, not '9ms'
            gossip-interval | 1         | gossip-interval: 10ms to 1h, in ms, s, m, h or d, not '1'
            gossip-interval | 61m       | gossip-interval: 10ms to 1h, in ms, s, m, h or d, not '61m'
            fanout          | 0         | fanout: 1 to 64, not '0'
            mesh            | 65        | mesh: 1 to 64, not '65'
            fanout          | many      | fanout: 1 to 64, not 'many'
            max-payload     | 9MiB      | max-payload: 1B to 8MiB, in B, KiB, MiB, GiB or TiB, not '9MiB'
            max-payload     | 1MB       | max-payload: 1B to 8MiB, in B, KiB, MiB, GiB or TiB, not '1MB'
            retain-for      | 999ms     | retain-for: 0, or 1s to 3650d, in ms, s, m, h or d, not '999ms'
            retain-for      | 3651d     | retain-for: 0, or 1s to 3650d, in ms, s, m, h or d, not '3651d'
            when-full       | drop      | when-full: refuse or trim, not 'drop'
            insecure        | yes       | insecure: true or false, not 'yes'
            log-format      | xml       | log-format: text or json, not 'xml'
            colour          | red       | colour is no setting
            fan-out         | 3         | fan-out is no setting: did you mean fanout?
            nodes           | 5         | nodes is no setting
            """)
    void whatIsWrongIsSaidWithTheValidRange(String key, String value, String sentence) {
        assertThatThrownBy(() -> Config.of(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "2s,2000", "3m,180000", "1h,3600000"})
    void durationsAreWrittenWithTheirUnit(String text, long millis) {
        assertThat(Config.of(Map.of("gossip-interval", text)).gossipInterval()).hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({"10,10000", "0.5,500", "0.001,1", "250ms,250", "2m,120000"})
    void aNumberAloneIsInSecondsWhereThatIsAllowed(String text, long millis) {
        assertThat(Quantity.seconds(text, Duration.ofMillis(1), Duration.ofDays(1), "1ms to 24h"))
                .hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7B,7", "2KiB,2048", "3MiB,3145728", "1TiB,1099511627776"})
    void sizesAreWrittenWithTheirUnit(String text, long bytes) {
        assertThat(Config.of(Map.of("retain-bytes", text)).retainBytes()).isEqualTo(bytes);
    }

    @Test
    void theHardLimitIsTwiceTheSoftOneUnlessSaidAndNeverLess() {
        assertThat(Config.of(Map.of("retain-bytes", "8MiB")).retainHard()).isEqualTo(16 << 20);
        assertThatThrownBy(() -> Config.of(Map.of("retain-bytes", "8MiB", "retain-hard", "7MiB")))
                .hasMessageContaining("retain-hard: what retain-bytes is (8388608 B) to 2TiB");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1s,1", "7d,604800"})
    void recordsAreRetainedForSoLong(String text, long seconds) {
        assertThat(Config.of(Map.of("retain-for", text)).retainFor()).hasSeconds(seconds);
    }

    @Test
    void whatGivesWayWhenTheLogIsFullIsAChoice() {
        Config config = Config.of(Map.of("when-full", "trim", "retain-for", "1h"));
        assertThat(config.settings(bound("127.0.0.1")).whenFull()).isEqualTo(Settings.WhenFull.TRIM);
        assertThat(config.settings(bound("127.0.0.1")).retainFor()).hasHours(1);
        assertThat(Config.of(Map.of()).whenFull()).isEqualTo(Settings.WhenFull.REFUSE);
    }

    @Test
    void aVariableThatNobodyKnowsIsRefusedAndAServiceLinkOfKubernetesIsNot() {
        assertThatThrownBy(() -> new Sources().environment(Map.of("RUMOR_PORT", "7400")))
                .hasMessageStartingWith("RUMOR_PORT in the environment is no setting");
        assertThatThrownBy(() -> new Sources().environment(Map.of("RUMOR_FANOUTT", "3")))
                .hasMessage("RUMOR_FANOUTT in the environment is no setting: did you mean RUMOR_FANOUT?");
        new Sources()
                .environment(Map.of(
                        "RUMOR_NODE", "n:1",
                        "RUMOR_PORT", "tcp://10.0.0.1:7400",
                        "RUMOR_PORT_7400_TCP_ADDR", "10.0.0.1",
                        "RUMOR_SERVICE_HOST", "10.0.0.1",
                        "RUMOR_SERVICE_PORT_PEERS", "7400",
                        "RUMOR_CLIENT_PORT", "tcp://10.0.0.2:7500",
                        "RUMOR_CLIENT_PORT_7500_TCP_PROTO", "tcp",
                        "RUMOR_CLIENT_SERVICE_HOST", "10.0.0.2",
                        "RUMOR_IMAGE", "registry/rumor"));
    }

    @Test
    void theReadmeHasARowForEachSettingOfANode() throws IOException {
        String readme = Files.readString(Tool.CHECKOUT.resolve("README.md"));
        assertThat(Setting.OF_NODE).allSatisfy(each -> assertThat(readme).contains("\n| `" + each.flag() + "` | "));
    }

    @Test
    void aFileThatIsWrongIsNamed() throws IOException {
        Path file = file("fanout=0\n");
        assertThatThrownBy(() -> Config.of(new Sources().file(file)))
                .hasMessageStartingWith("fanout in " + file + ": ");
        Path other = file("colour=red\n");
        assertThatThrownBy(() -> new Sources().file(other)).hasMessage("colour in " + other + " is no setting");
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> new Sources().file(missing))
                .hasMessage("cannot read " + missing + ": there is no such file");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> new Sources().file(binary))
                .hasMessage("cannot read " + binary + ": it is not text in UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STATE_DIRECTORY=/var/lib/rumor XDG_STATE_HOME=/x | /var/lib/rumor/c/n1
            STATE_DIRECTORY=/var/lib/rumor:/var/lib/other    | /var/lib/rumor/c/n1
            XDG_STATE_HOME=/x HOME=/home/me                  | /x/rumor/c/n1
            XDG_STATE_HOME=relative HOME=/home/me            | /home/me/.local/state/rumor/c/n1
            HOME=/home/me                                    | /home/me/.local/state/rumor/c/n1
            HOME=/home/me RUMOR_DATA_DIR=/data               | /data
            HOME=/home/me RUMOR_DATA_DIR=/data/../d/         | /d
            """)
    void dataIsKeptWhereTheServiceOrItsUserKeepsState(String environment, Path directory) {
        Map<String, String> variables = Arrays.stream(environment.split(" "))
                .map(each -> each.split("="))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        Config config = Config.of(new Sources()
                .flags(Map.of(Setting.NAME, "n1", Setting.CLUSTER, "c"))
                .environment(variables));
        assertThat(config.dataDir()).hasValue(directory);
    }

    @Test
    void whoHasNoHomeMustSayWhereDataGoes() {
        Map<String, String> homeless = Map.of("HOME", "");
        assertThatThrownBy(() -> Config.of(new Sources().environment(homeless)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("data-dir")
                .hasMessageContaining("ephemeral");
        Sources ephemeral = new Sources().flags(Map.of(Setting.EPHEMERAL, "true"));
        assertThat(Config.of(ephemeral.environment(homeless)).dataDir()).isEmpty();
    }

    @Test
    void dataIsKeptOrNotButNotBothAsFarAsOneSourceSays() {
        assertThat(Config.of(Map.of("ephemeral", "true")).dataDir()).isEmpty();
        assertThatThrownBy(() -> Config.of(Map.of("ephemeral", "true", "data-dir", "/d")))
                .hasMessage("data-dir keeps records in /d and ephemeral in memory only: say one of the two");
        assertThatThrownBy(() -> Config.of(Map.of("data-dir", ""))).hasMessage("data-dir: a directory, not ''");
    }

    @Test
    void ofDataDirAndEphemeralTheOneCountsThatIsSaidFirst() {
        Map<String, String> image = Map.of("RUMOR_DATA_DIR", "/data");
        Sources flag = new Sources().flags(Map.of(Setting.EPHEMERAL, "true"));
        assertThat(Config.of(flag.environment(image)).dataDir()).isEmpty();
        Map<String, String> forgetful = Map.of("RUMOR_EPHEMERAL", "true");
        Sources other = new Sources().flags(Map.of(Setting.DATA_DIR, "/d"));
        assertThat(Config.of(other.environment(forgetful)).dataDir()).hasValue(Path.of("/d"));
    }

    @Test
    void toListenWhereOthersCanConnectAsksForInsecure() {
        assertThatThrownBy(() -> Config.of(Map.of("listen", "0.0.0.0:7400"))).hasMessageContaining("add --insecure");
        assertThatThrownBy(() -> Config.of(Map.of("http", "0.0.0.0:7500")))
                .hasMessageContaining("0.0.0.0:7500")
                .hasMessageContaining("add --insecure");
        Config open = Config.of(Map.of("listen", "0.0.0.0:7400", "http", "0.0.0.0:7500", "insecure", "true"));
        assertThat(Config.isOpen(open.listen())).isTrue();
        assertThat(Config.isOpen(Address.parse("[::1]:7400"))).isFalse();
    }

    @Test
    void aNodeAdvertisesWhereItListens() {
        Config config = Config.of(Map.of("listen", "127.0.0.1:0"));
        assertThat(config.settings(bound("127.0.0.1")).addresses()).containsExactly("127.0.0.1:4711");
    }

    @Test
    void aNodeThatListensEverywhereAdvertisesAnAddressOfItsOwnAndItsHostName() throws UnknownHostException {
        Config config = Config.of(Map.of("listen", "0.0.0.0:0", "insecure", "true"));
        assertThat(config.settings(bound("0.0.0.0")).addresses())
                .hasSize(2)
                .contains(InetAddress.getLocalHost().getHostName() + ":4711")
                .first()
                .asString()
                .matches("[0-9.]+:4711")
                .doesNotStartWith("0.0.0.0");
    }

    @Test
    void whatIsToBeAdvertisedIsAdvertised() {
        Config config = Config.of(Map.of("listen", "127.0.0.1:0", "advertise", "rumor.example:7400"));
        assertThat(config.settings(bound("127.0.0.1")).addresses()).containsExactly("rumor.example:7400");
    }

    private static InetSocketAddress bound(String host) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), 4711);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "rumor", ".properties"), content);
    }
}
