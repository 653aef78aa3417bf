package dev.rumor.simulator.study;

import dev.rumor.core.message.Message;

/// What is said is said for one of these.
public enum Traffic {
    /// Records that nobody asked for.
    PUSH,
    /// Records that somebody asked for, and asking.
    REPAIR,
    /// Comparing what is held.
    ROUNDS,
    /// Telling what has become durable.
    RECEIPTS,
    /// Who is there, and how to reach it.
    ROSTER;

    /// @param asked whether the records were asked for
    static Traffic of(Message message, boolean asked) {
        return switch (message) {
            case Message.Runs it -> asked ? REPAIR : PUSH;
            case Message.Pull it -> REPAIR;
            case Message.Served it -> REPAIR;
            case Message.Round it -> ROUNDS;
            case Message.Agreement it -> ROUNDS;
            case Message.Sections it -> ROUNDS;
            case Message.Claims it -> it.whole() ? ROUNDS : RECEIPTS;
            case Message.Stamp it -> RECEIPTS;
            case Message.Confirmed it -> RECEIPTS;
            case Message.Hello it -> ROSTER;
            case Message.NameQuery it -> ROSTER;
            case Message.NameReply it -> ROSTER;
            case Message.Refusal it -> ROSTER;
            case Message.Ping it -> ROSTER;
            case Message.Pong it -> ROSTER;
            case Message.Registers it -> ROSTER;
        };
    }
}
