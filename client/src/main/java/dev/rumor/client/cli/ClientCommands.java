package dev.rumor.client.cli;

import java.util.List;

/// The commands of a client, ready to be added to a command line.
public final class ClientCommands {

    /// New ones, in the order in which help lists them, each annotated with its name.
    public static List<Object> of(Stdio stdio) {
        return List.of(
                new BroadcastCommand(stdio),
                new ReadCommand(stdio),
                new TailCommand(stdio),
                new MembersCommand(stdio),
                new StatusCommand(stdio),
                new LeaveCommand(stdio),
                new EvictCommand(stdio));
    }

    private ClientCommands() {}
}
