package dev.rumor.simulator.network;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a message takes on the wire, in bytes, its length in front included. The wire's schema belongs to a room that
/// the simulator does not know; so this counts what that schema comes to, and a test in the room that knows both
/// compares the two for every kind of message.
public final class Weight {

    /// The length in front of a frame.
    private static final int LENGTH = 4;

    private static final int TAG = 1;
    private static final int FIXED32 = TAG + 4;
    private static final int FIXED64 = TAG + 8;

    private Weight() {}

    public static int of(Message message) {
        return LENGTH + nested(body(message));
    }

    private static int body(Message message) {
        return switch (message) {
            case Message.NameQuery it ->
                text(it.cluster())
                        + number(it.protocolMin())
                        + number(it.protocolMax())
                        + text(it.name())
                        + disk(it.disk());
            case Message.NameReply it -> number(it.highestEpoch()) + claims(it.claimed()) + flag(it.ended());
            case Message.Hello it -> hello(it);
            case Message.Refusal it -> number(1) + words(it.text()) + text(it.name());
            case Message.Ping it -> 0;
            case Message.Pong it -> 0;
            case Message.Registers it -> {
                int sum = 0;
                for (Register each : it.registers()) {
                    sum += nested(register(each));
                }
                yield sum;
            }
            case Message.Round it ->
                fixed64(it.held().high())
                        + fixed64(it.held().low())
                        + fixed64(it.roster().high())
                        + fixed64(it.roster().low());
            case Message.Agreement it -> 0;
            case Message.Claims it -> claims(it);
            case Message.Pull it -> ranges(it.wants()) + flag(it.hold());
            case Message.Runs it -> {
                int sum = 0;
                for (Run each : it.runs()) {
                    sum += nested(run(each));
                }
                yield sum;
            }
            case Message.Served it -> ranges(it.gaps()) + flag(it.done());
            case Message.Stamp it -> stamp(it);
            case Message.Confirmed it -> {
                int sum = claims(it.held());
                for (Message.Witness each : it.by()) {
                    sum += nested(text(each.name()) + number(each.epoch()) + disk(each.disk()));
                }
                yield sum;
            }
        };
    }

    private static int hello(Message.Hello it) {
        return text(it.cluster())
                + number(it.protocolMin())
                + number(it.protocolMax())
                + text(it.name())
                + number(it.epoch())
                + fixed32(it.tag())
                + fixed64(it.nonce())
                + disk(it.disk())
                + flag(it.established())
                + text(it.software());
    }

    private static int claims(Message.Claims it) {
        int sum = claims(it.claims()) + flag(it.whole()) + flag(it.answer());
        for (var mark : it.marks()) {
            sum += nested(text(mark.origin()) + number(mark.epoch()) + fixed64(mark.digest()));
        }
        return sum;
    }

    private static int stamp(Message.Stamp it) {
        int sum = number(it.epoch())
                + fixed32(it.tag())
                + disk(it.disk())
                + text(it.relay())
                + number(it.windowNanos())
                + number(it.phaseNanos())
                + fixed64(it.sentAt());
        for (Message.Echo each : it.echoes()) {
            sum += nested(text(each.to()) + fixed64(each.sentAt()) + number(each.heldNanos()));
        }
        return sum;
    }

    private static int register(Register it) {
        int sum = text(it.name())
                + number(it.epoch())
                + number(it.version())
                + number(1)
                + disk(it.disk())
                + number(it.protocolMin())
                + number(it.protocolMax())
                + text(it.software());
        for (String address : it.addresses()) {
            sum += nested(address.length());
        }
        for (Register.End end : it.ends()) {
            sum += nested(number(end.epoch()) + number(Math.max(0, end.last())));
        }
        for (Register.DiskId ended : it.ended()) {
            sum += disk(ended);
        }
        return sum;
    }

    private static int run(Run it) {
        int sum = text(it.stream().origin())
                + number(it.stream().epoch())
                + fixed32(it.tag())
                + number(it.first())
                + fixed64(it.clock());
        int lengths = 0;
        for (int k = 0; k < it.count(); k++) {
            lengths += varint(it.length(k));
        }
        return sum + nested(lengths) + nested(4 * it.count()) + (it.size() == 0 ? 0 : nested(it.size()));
    }

    private static int claims(List<Claim> claims) {
        int sum = 0;
        for (Claim each : claims) {
            sum += nested(text(each.stream().origin())
                    + number(each.stream().epoch())
                    + fixed32(each.tag())
                    + held(each.held()));
        }
        return sum;
    }

    private static int held(Intervals held) {
        int sum = 0;
        for (int k = 0; k < held.size(); k++) {
            sum += varint(k == 0 ? held.from(k) : held.from(k) - held.to(k - 1) - 2);
            sum += varint(held.to(k) - held.from(k));
        }
        return sum == 0 ? 0 : nested(sum);
    }

    private static int ranges(List<Range> ranges) {
        int sum = 0;
        for (Range each : ranges) {
            sum += nested(text(each.stream().origin())
                    + number(each.stream().epoch())
                    + number(each.from())
                    + number(each.to()));
        }
        return sum;
    }

    // --- protobuf's own arithmetic: what has its default value is not there

    private static int text(String text) {
        return text.isEmpty() ? 0 : nested(text.length());
    }

    private static int words(String text) {
        return text.isEmpty() ? 0 : nested(text.getBytes(StandardCharsets.UTF_8).length);
    }

    private static int number(long value) {
        return value == 0 ? 0 : TAG + varint(value);
    }

    private static int fixed32(int value) {
        return value == 0 ? 0 : FIXED32;
    }

    private static int fixed64(long value) {
        return value == 0 ? 0 : FIXED64;
    }

    private static int flag(boolean value) {
        return value ? TAG + 1 : 0;
    }

    private static int disk(Register.DiskId disk) {
        return nested(fixed64(disk.high()) + fixed64(disk.low()));
    }

    private static int nested(int bytes) {
        return TAG + varint(bytes) + bytes;
    }

    private static int varint(long value) {
        return value < 0 ? 10 : Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
