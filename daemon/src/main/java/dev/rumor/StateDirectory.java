package dev.rumor;

import java.nio.file.Path;
import java.util.Map;

/// Where this program keeps what is to outlive it, as systemd and the XDG base directories have it.
final class StateDirectory {

    private StateDirectory() {}

    /// The first of: `STATE_DIRECTORY`, which systemd gives to one service alone; `rumor` in `XDG_STATE_HOME`; `rumor`
    /// in `~/.local/state`.
    ///
    /// @throws IllegalArgumentException with a sentence for the user if there is none of these
    static Path in(Map<String, String> environment) {
        String ofService = environment.getOrDefault("STATE_DIRECTORY", "");
        // Where a unit names several, they come with colons between them.
        return ofService.isEmpty()
                ? ofUser(environment).resolve("rumor")
                : Path.of(ofService.split(":")[0]).toAbsolutePath();
    }

    private static Path ofUser(Map<String, String> environment) {
        // What is not absolute is to be passed over, says the specification.
        Path state = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        return state.isAbsolute() ? state : home(environment).resolve(".local").resolve("state");
    }

    private static Path home(Map<String, String> environment) {
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        if (!home.isAbsolute()) {
            throw new IllegalArgumentException(
                    "this user has no home directory for the data: say where it goes (data-dir), or that nothing is to "
                            + "be kept (ephemeral)");
        }
        return home;
    }
}
