package dev.rumor.simulator.referee;

import dev.rumor.core.message.Message;

/// What one message may come to.
final class Bounds {

    /// The largest frame, its length in front included.
    private static final int MOST_BYTES = (9 << 20) + 4;

    private static final int MOST_BEFORE_HELLO_BYTES = 4_096 + 4;
    private static final int MOST_RANGES = 1_024;
    private static final int MOST_REGISTERS = 1_024;
    private static final int MOST_CLAIMS = 65_536;

    private Bounds() {}

    static void check(Message message, int bytes) {
        boolean fits = switch (message) {
            case Message.NameQuery it -> bytes <= MOST_BEFORE_HELLO_BYTES;
            case Message.Hello it -> bytes <= MOST_BEFORE_HELLO_BYTES;
            case Message.Pull pull -> pull.wants().size() <= MOST_RANGES;
            case Message.Served served -> served.gaps().size() <= MOST_RANGES;
            case Message.Registers told -> told.registers().size() <= MOST_REGISTERS;
            case Message.Claims claims -> claims.claims().size() <= MOST_CLAIMS;
            case Message.NameReply reply -> reply.claimed().size() <= MOST_CLAIMS;
            case Message.Confirmed confirmed -> confirmed.held().size() <= MOST_CLAIMS;
            case Message.Refusal it -> true;
            case Message.Ping it -> true;
            case Message.Pong it -> true;
            case Message.Round it -> true;
            case Message.Agreement it -> true;
            case Message.Runs it -> true;
            case Message.Stamp it -> true;
        };
        Foul.unless(fits && bytes <= MOST_BYTES, "a message is larger than any may be: %d bytes, %s", bytes, message);
    }
}
