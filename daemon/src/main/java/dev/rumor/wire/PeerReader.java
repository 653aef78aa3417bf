package dev.rumor.wire;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Sections;
import dev.rumor.core.stream.Stream;
import dev.rumor.proto.peer.v1.Claim;
import dev.rumor.proto.peer.v1.Claims;
import dev.rumor.proto.peer.v1.Echo;
import dev.rumor.proto.peer.v1.EpochEnd;
import dev.rumor.proto.peer.v1.Hello;
import dev.rumor.proto.peer.v1.Mark;
import dev.rumor.proto.peer.v1.NameQuery;
import dev.rumor.proto.peer.v1.NameReply;
import dev.rumor.proto.peer.v1.PeerFrame;
import dev.rumor.proto.peer.v1.Range;
import dev.rumor.proto.peer.v1.Refusal;
import dev.rumor.proto.peer.v1.Stamp;
import dev.rumor.proto.peer.v1.Witness;
import java.util.ArrayList;
import java.util.List;

/// From the wire's words to the core's, believing nothing. How often a field stands was judged before, by
/// [Bounds].
final class PeerReader {
    private static final int MAX_SOFTWARE_CHARACTERS = 64;
    private static final int MAX_REFUSAL_CHARACTERS = 1000;

    /// A host name has at most 253 characters; then a colon and a port.
    private static final int MAX_ADDRESS_CHARACTERS = 259;

    private static final long UNKNOWN_END = 0;

    private PeerReader() {}

    static Message message(PeerFrame frame) throws Malformed {
        return switch (frame.getSaidCase()) {
            case NAME_QUERY -> nameQuery(frame.getNameQuery());
            case NAME_REPLY -> nameReply(frame.getNameReply());
            case HELLO -> hello(frame.getHello());
            case REFUSAL -> refusal(frame.getRefusal());
            case PING -> new Message.Ping();
            case PONG -> new Message.Pong();
            case REGISTERS -> new Message.Registers(all(frame.getRegisters().getRegistersList(), PeerReader::register));
            case ROUND ->
                new Message.Round(
                        new Frontier.Digest(
                                frame.getRound().getHeldHigh(), frame.getRound().getHeldLow()),
                        new Frontier.Digest(
                                frame.getRound().getRosterHigh(),
                                frame.getRound().getRosterLow()));
            case SECTIONS ->
                new Message.Sections(
                        digests(frame.getSections().getHeldList()),
                        digests(frame.getSections().getRosterList()),
                        frame.getSections().getAnswer());
            case AGREEMENT -> new Message.Agreement();
            case CLAIMS -> claims(frame.getClaims());
            case PULL ->
                new Message.Pull(
                        all(frame.getPull().getWantsList(), PeerReader::range),
                        frame.getPull().getHold());
            case RUNS -> new Message.Runs(all(frame.getRuns().getRunsList(), PeerReader::run));
            case SERVED ->
                new Message.Served(
                        all(frame.getServed().getGapsList(), PeerReader::range),
                        frame.getServed().getDone());
            case STAMP -> stamp(frame.getStamp());
            case CONFIRMED ->
                new Message.Confirmed(
                        all(frame.getConfirmed().getByList(), PeerReader::witness),
                        all(frame.getConfirmed().getHeldList(), PeerReader::claim));
            case SAID_NOT_SET -> throw new Malformed("a frame says one thing that is known here, not nothing");
        };
    }

    private static Message nameQuery(NameQuery said) throws Malformed {
        versions(said.getProtocolMin(), said.getProtocolMax());
        return new Message.NameQuery(
                name("a cluster", said.getCluster()),
                said.getProtocolMin(),
                said.getProtocolMax(),
                name("a name", said.getName()),
                disk(said.hasDisk(), said.getDisk()));
    }

    private static Message nameReply(NameReply said) throws Malformed {
        Malformed.unless(said.getHighestEpoch() >= 0, "an epoch is below 2^63", said.getHighestEpoch());
        return new Message.NameReply(
                said.getHighestEpoch(), all(said.getClaimedList(), PeerReader::claim), said.getEnded());
    }

    private static Message hello(Hello said) throws Malformed {
        versions(said.getProtocolMin(), said.getProtocolMax());
        return new Message.Hello(
                name("a cluster", said.getCluster()),
                said.getProtocolMin(),
                said.getProtocolMax(),
                name("a name", said.getName()),
                epoch(said.getEpoch()),
                said.getTag(),
                said.getNonce(),
                disk(said.hasDisk(), said.getDisk()),
                said.getEstablished(),
                text("a release", said.getSoftware(), MAX_SOFTWARE_CHARACTERS));
    }

    private static Message refusal(Refusal said) throws Malformed {
        Message.Refusal.Reason reason = switch (said.getReason()) {
            case REASON_WRONG_CLUSTER -> Message.Refusal.Reason.WRONG_CLUSTER;
            case REASON_WRONG_PROTOCOL -> Message.Refusal.Reason.WRONG_PROTOCOL;
            case REASON_NAME_TAKEN -> Message.Refusal.Reason.NAME_TAKEN;
            case REASON_SELF -> Message.Refusal.Reason.SELF;
            case REASON_DUPLICATE -> Message.Refusal.Reason.DUPLICATE;
            case REASON_MALFORMED -> Message.Refusal.Reason.MALFORMED;
            case REASON_UNSPECIFIED, UNRECOGNIZED ->
                throw new Malformed("a refusal has a reason of 1 to 6, not " + said.getReasonValue());
        };
        return new Message.Refusal(
                reason,
                text("a refusal", said.getText(), MAX_REFUSAL_CHARACTERS),
                said.getName().isEmpty() ? "" : name("a name", said.getName()));
    }

    private static List<Frontier.Digest> digests(List<Long> halves) throws Malformed {
        Malformed.unless(
                halves.isEmpty() || halves.size() == 2 * Sections.COUNT,
                "there are " + Sections.COUNT + " sections or none, of two halves each",
                halves.size());
        List<Frontier.Digest> digests = new ArrayList<>();
        for (int k = 0; k < halves.size(); k += 2) {
            digests.add(new Frontier.Digest(halves.get(k), halves.get(k + 1)));
        }
        return digests;
    }

    private static Message claims(Claims said) throws Malformed {
        return new Message.Claims(
                all(said.getClaimsList(), PeerReader::claim),
                all(said.getMarksList(), PeerReader::mark),
                said.getWhole(),
                said.getAnswer());
    }

    private static Register register(dev.rumor.proto.peer.v1.Register said) throws Malformed {
        Register.State state = switch (said.getState()) {
            case STATE_JOINING -> Register.State.JOINING;
            case STATE_ACTIVE -> Register.State.ACTIVE;
            case STATE_LEFT -> Register.State.LEFT;
            case STATE_EVICTED -> Register.State.EVICTED;
            case STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new Malformed("a register has a state of 1 to 4, not " + said.getStateValue());
        };
        Malformed.unless(said.getVersion() >= 1, "a register's version is at least 1", said.getVersion());
        versions(said.getProtocolMin(), said.getProtocolMax());
        return new Register(
                name("a name", said.getName()),
                epoch(said.getEpoch()),
                said.getVersion(),
                state,
                disk(said.hasDisk(), said.getDisk()),
                all(said.getAddressesList(), each -> text("an address", each, MAX_ADDRESS_CHARACTERS)),
                said.getProtocolMin(),
                said.getProtocolMax(),
                text("a release", said.getSoftware(), MAX_SOFTWARE_CHARACTERS),
                all(said.getEndsList(), PeerReader::end),
                all(said.getEndedList(), each -> disk(true, each)));
    }

    private static Register.End end(EpochEnd said) throws Malformed {
        Malformed.unless(said.getLast() >= 0, "a sequence is below 2^63", said.getLast());
        return new Register.End(
                epoch(said.getEpoch()), said.getLast() == UNKNOWN_END ? Register.End.UNKNOWN : said.getLast());
    }

    private static Frontier.Mark mark(Mark said) throws Malformed {
        return new Frontier.Mark(name("an origin", said.getOrigin()), epoch(said.getEpoch()), said.getDigest());
    }

    private static Stream.Range range(Range said) throws Malformed {
        Stream stream = stream(said.getOrigin(), said.getEpoch());
        if (said.getFrom() < 1 || said.getTo() < said.getFrom() || said.getTo() == Long.MAX_VALUE) {
            throw new Malformed(
                    "a range is 1 <= from <= to < 2^63 - 1, not from " + said.getFrom() + " to " + said.getTo());
        }
        return new Stream.Range(stream, said.getFrom(), said.getTo());
    }

    private static Frontier.Claim claim(Claim said) throws Malformed {
        return new Frontier.Claim(stream(said.getOrigin(), said.getEpoch()), said.getTag(), held(said));
    }

    private static Intervals held(Claim said) throws Malformed {
        int numbers = said.getHeldCount();
        if (numbers % 2 != 0 || numbers > 2 * Intervals.MAX_INTERVALS) {
            throw new Malformed("a claim is at most " + Intervals.MAX_INTERVALS + " intervals of two numbers each, not "
                    + numbers + " numbers");
        }
        long[] bounds = new long[numbers];
        try {
            for (int k = 0; k < numbers; k += 2) {
                long start = natural(said.getHeld(k));
                bounds[k] = k == 0 ? start : Math.addExact(bounds[k - 1] + 2, start);
                bounds[k + 1] = Math.addExact(bounds[k], natural(said.getHeld(k + 1)));
            }
            return Intervals.ofBounds(bounds);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new Malformed("a claim's sequences are 1 or more and below 2^63 - 1, not " + said.getHeldList());
        }
    }

    private static long natural(long number) {
        if (number < 0) {
            throw new ArithmeticException();
        }
        return number;
    }

    private static Message stamp(Stamp said) throws Malformed {
        return new Message.Stamp(
                epoch(said.getEpoch()),
                said.getTag(),
                disk(said.hasDisk(), said.getDisk()),
                name("a relay", said.getRelay()),
                nanos(said.getWindowNanos()),
                nanos(said.getPhaseNanos()),
                said.getSentAt(),
                all(said.getEchoesList(), PeerReader::echo));
    }

    private static Message.Echo echo(Echo said) throws Malformed {
        return new Message.Echo(name("a name", said.getTo()), said.getSentAt(), nanos(said.getHeldNanos()));
    }

    private static Message.Witness witness(Witness said) throws Malformed {
        return new Message.Witness(
                name("a name", said.getName()), epoch(said.getEpoch()), disk(said.hasDisk(), said.getDisk()));
    }

    private static long nanos(long nanos) throws Malformed {
        Malformed.unless(nanos >= 0, "a time is below 2^63 ns", Long.toUnsignedString(nanos));
        return nanos;
    }

    private static Run run(dev.rumor.proto.peer.v1.Run said) throws Malformed {
        Stream stream = stream(said.getOrigin(), said.getEpoch());
        int count = said.getLengthsCount();
        if (count < 1 || said.getChecksumsCount() != count) {
            throw new Malformed("a run has at least one record and a checksum for each, not " + count + " records and "
                    + said.getChecksumsCount() + " checksums");
        }
        if (said.getFirst() < 1 || said.getFirst() >= Long.MAX_VALUE - count) {
            throw new Malformed(
                    "a run's sequences are 1 or more and below 2^63 - 1, not " + count + " from " + said.getFirst());
        }
        int[] lengths = new int[count];
        int[] checksums = new int[count];
        long sum = 0;
        for (int k = 0; k < count; k++) {
            lengths[k] = said.getLengths(k);
            checksums[k] = said.getChecksums(k);
            if (lengths[k] < 0 || lengths[k] > RunCodec.MAX_RECORD_BYTES) {
                throw new Malformed("a record is at most " + RunCodec.MAX_RECORD_BYTES + " bytes, not "
                        + Integer.toUnsignedString(lengths[k]));
            }
            sum += lengths[k];
        }
        if (sum != said.getRecords().size()) {
            throw new Malformed("a run's bytes are as many as its lengths say, not "
                    + said.getRecords().size() + " for " + sum);
        }
        Run run = new Run(
                stream,
                said.getTag(),
                said.getFirst(),
                said.getClock(),
                lengths,
                checksums,
                said.getRecords().toByteArray());
        if (!RunCodec.verify(run)) {
            throw new Malformed("a record of " + run + " fails its check (CRC32C)");
        }
        return run;
    }

    private static Stream stream(String origin, long epoch) throws Malformed {
        return new Stream(name("an origin", origin), epoch(epoch));
    }

    private static String name(String what, String text) throws Malformed {
        Malformed.unless(Stream.isName(text), what + " is 1 to 64 of A-Z a-z 0-9 . _ -", text);
        return text;
    }

    private static long epoch(long epoch) throws Malformed {
        Malformed.unless(epoch >= 1, "an epoch is 1 or more and below 2^63", epoch);
        return epoch;
    }

    private static void versions(int min, int max) throws Malformed {
        if (min < 1 || max < min) {
            throw new Malformed("protocol versions are 1 or more and in order, not " + min + " to " + max);
        }
    }

    private static DiskId disk(boolean present, dev.rumor.proto.peer.v1.DiskId said) throws Malformed {
        Malformed.unless(present, "a disk id is needed here", "nothing");
        return new DiskId(said.getHigh(), said.getLow());
    }

    private static String text(String what, String text, int maxCharacters) throws Malformed {
        Malformed.unless(
                text.codePointCount(0, text.length()) <= maxCharacters,
                what + " is at most " + maxCharacters + " characters",
                text);
        return text;
    }

    private interface Reading<S, T> {
        T read(S said) throws Malformed;
    }

    private static <S, T> List<T> all(List<S> said, Reading<S, T> reading) throws Malformed {
        List<T> read = new ArrayList<>(said.size());
        for (S each : said) {
            read.add(reading.read(each));
        }
        return List.copyOf(read);
    }
}
