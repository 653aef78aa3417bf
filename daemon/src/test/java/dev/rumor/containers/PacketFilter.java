package dev.rumor.containers;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a container hears of its network, filtered from outside by this host's `iptables`: inside there is neither the
/// program nor the right to use it. What comes from this host, such as clients, always passes.
record PacketFilter(Daemon daemon) {

    /// It takes root, or a sudo that asks for no password, and the programs; on Linux, where the engine runs here.
    static void require() {
        try {
            Docker.execute(command(ProcessHandle.current().pid(), "-S", "INPUT"), Map.of());
        } catch (Docker.Failed | UncheckedIOException none) {
            if (Docker.REQUIRED) {
                throw none;
            }
            assumeThat(true)
                    .as("packets cannot be filtered here: %s", none.getMessage())
                    .isFalse();
        }
    }

    /// From now on each packet is lost with this probability.
    void lose(double share) {
        pass();
        change(
                "-A",
                "INPUT",
                "!",
                "-i",
                "lo",
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                "" + share,
                "-j",
                "DROP");
    }

    /// From now on it hears nothing of this one, which goes on hearing it.
    void deafenTo(Daemon other) {
        pass();
        change("-A", "INPUT", "-s", other.place().getIpAddress(), "-j", "DROP");
    }

    private void pass() {
        change("-A", "INPUT", "-s", daemon.place().getGateway(), "-j", "ACCEPT");
    }

    /// It hears everything again.
    void clear() {
        change("-F", "INPUT");
    }

    private void change(String... rule) {
        Docker.execute(command(daemon.state().getPidLong(), rule), Map.of());
    }

    private static List<String> command(long pid, String... rule) {
        List<String> command = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("sudo", "-n"));
        }
        command.addAll(List.of("nsenter", "--target", "" + pid, "--net", "iptables", "-w"));
        command.addAll(List.of(rule));
        return command;
    }
}
