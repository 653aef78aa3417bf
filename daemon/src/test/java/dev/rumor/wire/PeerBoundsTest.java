package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rumor.core.message.Message;
import dev.rumor.proto.peer.v1.Claim;
import dev.rumor.proto.peer.v1.Claims;
import dev.rumor.proto.peer.v1.Confirmed;
import dev.rumor.proto.peer.v1.DiskId;
import dev.rumor.proto.peer.v1.Echo;
import dev.rumor.proto.peer.v1.EpochEnd;
import dev.rumor.proto.peer.v1.Hello;
import dev.rumor.proto.peer.v1.Mark;
import dev.rumor.proto.peer.v1.NameQuery;
import dev.rumor.proto.peer.v1.NameReply;
import dev.rumor.proto.peer.v1.PeerFrame;
import dev.rumor.proto.peer.v1.Ping;
import dev.rumor.proto.peer.v1.Pull;
import dev.rumor.proto.peer.v1.Range;
import dev.rumor.proto.peer.v1.Refusal;
import dev.rumor.proto.peer.v1.Register;
import dev.rumor.proto.peer.v1.Registers;
import dev.rumor.proto.peer.v1.Run;
import dev.rumor.proto.peer.v1.Runs;
import dev.rumor.proto.peer.v1.Served;
import dev.rumor.proto.peer.v1.Stamp;
import dev.rumor.proto.peer.v1.Witness;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every bound in `peer.proto`, one step beyond it.
class PeerBoundsTest {
    private static final DiskId DISK = DiskId.newBuilder().setHigh(1).build();
    private static final String LONG_NAME = "n".repeat(65);

    @Test
    void namesAreOfTheAlphabetAndAtMost64() {
        for (String name : List.of("", LONG_NAME, "a b", "naïve", "a/b", "a\n")) {
            refused(hello(hello -> hello.setName(name)), "a name is 1 to 64 of A-Z a-z 0-9 . _ -, not '");
            refused(hello(hello -> hello.setCluster(name)), "a cluster is 1 to 64 of");
            refused(query(query -> query.setName(name)), "a name is 1 to 64 of");
            refused(query(query -> query.setCluster(name)), "a cluster is 1 to 64 of");
            refused(register(register -> register.setName(name)), "a name is 1 to 64 of");
            refused(claim(claim -> claim.setOrigin(name)), "an origin is 1 to 64 of");
            refused(mark(mark -> mark.setOrigin(name)), "an origin is 1 to 64 of");
            refused(range(range -> range.setOrigin(name)), "an origin is 1 to 64 of");
            refused(run(run -> run.setOrigin(name)), "an origin is 1 to 64 of");
        }
        refused(refusal(refusal -> refusal.setName(LONG_NAME)), "a name is 1 to 64 of");
    }

    @Test
    void epochsAreAtLeastOne() {
        for (long epoch : new long[] {0, -1, Long.MIN_VALUE}) {
            refused(hello(hello -> hello.setEpoch(epoch)), "an epoch is 1 or more and below 2^63, not " + epoch);
            refused(register(register -> register.setEpoch(epoch)), "an epoch is 1 or more");
            refused(register(r -> r.addEnds(EpochEnd.newBuilder().setEpoch(epoch))), "an epoch is 1 or more");
            refused(claim(claim -> claim.setEpoch(epoch)), "an epoch is 1 or more");
            refused(mark(mark -> mark.setEpoch(epoch)), "an epoch is 1 or more");
            refused(range(range -> range.setEpoch(epoch)), "an epoch is 1 or more");
            refused(run(run -> run.setEpoch(epoch)), "an epoch is 1 or more");
        }
        refused(frame(f -> f.setNameReply(NameReply.newBuilder().setHighestEpoch(-1))), "an epoch is below 2^63");
    }

    @Test
    void protocolVersionsAreInOrder() {
        String rule = "protocol versions are 1 or more and in order, not ";
        refused(hello(hello -> hello.setProtocolMin(0)), rule + "0 to 1");
        refused(hello(hello -> hello.setProtocolMin(2)), rule + "2 to 1");
        refused(query(query -> query.setProtocolMin(0)), rule);
        refused(query(query -> query.setProtocolMax(0)), rule);
        refused(register(register -> register.setProtocolMax(-1)), rule);
    }

    @Test
    void aDiskIsNamedWhereOneIsNeeded() {
        refused(hello(Hello.Builder::clearDisk), "a disk id is needed here");
        refused(query(NameQuery.Builder::clearDisk), "a disk id is needed here");
        refused(register(Register.Builder::clearDisk), "a disk id is needed here");
    }

    @Test
    void textsForPeopleAreShort() throws Malformed {
        String software = "ü".repeat(64);
        decode(hello(hello -> hello.setSoftware(software)));
        decode(refusal(refusal -> refusal.setText("\uD83D\uDE42".repeat(1000))));
        refused(hello(hello -> hello.setSoftware(software + "x")), "a release is at most 64 characters, not 'üüü");
        refused(register(register -> register.setSoftware(software + "x")), "a release is at most 64 characters");
        refused(refusal(refusal -> refusal.setText("x".repeat(1001))), "a refusal is at most 1000 characters");
        refused(register(r -> r.addAddresses("x".repeat(260))), "an address is at most 259 characters");
    }

    @Test
    void reasonsAndStatesAreKnown() {
        refused(refusal(refusal -> refusal.setReasonValue(0)), "a refusal has a reason of 1 to 6, not 0");
        refused(refusal(refusal -> refusal.setReasonValue(7)), "a refusal has a reason of 1 to 6, not 7");
        refused(register(register -> register.setStateValue(0)), "a register has a state of 1 to 4, not 0");
        refused(register(register -> register.setStateValue(5)), "a register has a state of 1 to 4, not 5");
        refused(register(register -> register.setVersion(0)), "a register's version is at least 1, not 0");
    }

    @Test
    void aRegisterListsAtMost8AddressesAnd64OfTheRest() throws Malformed {
        EpochEnd end = EpochEnd.newBuilder().setEpoch(1).build();
        decode(register(r -> r.addAllEnds(Collections.nCopies(64, end)).addAllEnded(Collections.nCopies(64, DISK))));
        refused(register(r -> r.addAllEnds(Collections.nCopies(65, end))), "a Register has at most 64 ends");
        refused(register(r -> r.addAllEnded(Collections.nCopies(65, DISK))), "a Register has at most 64 ended");
        refused(register(r -> r.addAllAddresses(Collections.nCopies(65, "a:1"))), "a Register has at most 8 addresses");
        refused(register(r -> r.addEnds(end.toBuilder().setLast(-1))), "a sequence is below 2^63, not -1");
    }

    @Test
    void framesHoldABoundedNumberOfEntries() {
        Register register = Register.getDefaultInstance();
        Claim claim = Claim.getDefaultInstance();
        Range range = Range.getDefaultInstance();
        refused(
                frame(f -> f.setRegisters(Registers.newBuilder().addAllRegisters(Collections.nCopies(1025, register)))),
                "a Registers has at most 1,024 registers");
        refused(
                frame(f -> f.setPull(Pull.newBuilder().addAllWants(Collections.nCopies(1025, range)))),
                "a Pull has at most 1,024 wants");
        refused(
                frame(f -> f.setServed(Served.newBuilder().addAllGaps(Collections.nCopies(1025, range)))),
                "a Served has at most 1,024 gaps");
        refused(
                frame(f -> f.setClaims(Claims.newBuilder().addAllClaims(Collections.nCopies(65_537, claim)))),
                "a Claims has at most 65,536 claims");
        refused(
                frame(f -> f.setClaims(
                        Claims.newBuilder().addAllMarks(Collections.nCopies(65_537, Mark.getDefaultInstance())))),
                "a Claims has at most 65,536 marks");
        refused(
                frame(f -> f.setNameReply(NameReply.newBuilder().addAllClaimed(Collections.nCopies(65_537, claim)))),
                "a NameReply has at most 65,536 claimed");
        refused(
                frame(f -> f.setRuns(
                        Runs.newBuilder().addAllRuns(Collections.nCopies(262_145, Run.getDefaultInstance())))),
                "a Runs has at most 262,144 runs");
    }

    @Test
    void aFrameSaysOneThingOnce() {
        PeerFrame pull = frame(f -> f.setPull(Pull.newBuilder().addWants(Range.getDefaultInstance())));
        byte[] twice = ByteString.copyFrom(List.of(pull.toByteString(), pull.toByteString()))
                .toByteArray();
        assertThatThrownBy(() -> PeerCodec.decode(ByteBuffer.wrap(twice))).hasMessage("a PeerFrame has at most 1 pull");
        refused(PeerFrame.getDefaultInstance(), "a frame says one thing that is known here, not nothing");
    }

    @Test
    void intervalsAreAscendingPairsAndAtMost64() throws Malformed {
        decode(claim(claim -> claim.addAllHeld(Collections.nCopies(128, 1L))));
        for (int numbers : new int[] {1, 127, 130, 1280}) {
            refused(
                    claim(claim -> claim.addAllHeld(Collections.nCopies(numbers, 1L))),
                    "a claim is at most 64 intervals of two numbers each, not " + numbers + " numbers");
        }
        refused(claim(claim -> claim.addAllHeld(Collections.nCopies(1281, 1L))), "a Claim has at most 128 held");
        for (List<Long> held : List.of(
                List.of(0L, 1L),
                List.of(-1L, 1L),
                List.of(1L, -1L),
                List.of(1L, Long.MAX_VALUE - 1),
                List.of(1L, Long.MAX_VALUE),
                List.of(1L, 1L, -1L, 1L),
                List.of(1L, 1L, Long.MAX_VALUE, 1L),
                List.of(1L, Long.MAX_VALUE - 3, 0L, 0L))) {
            refused(
                    claim(claim -> claim.addAllHeld(held)),
                    "a claim's sequences are 1 or more and below 2^63 - 1, not");
        }
    }

    @Test
    void rangesAreInOrder() {
        refused(range(range -> range.setFrom(0)), "a range is 1 <= from <= to < 2^63 - 1, not from 0 to 1");
        refused(range(range -> range.setFrom(2)), "a range is 1 <= from <= to");
        refused(range(range -> range.setTo(-1)), "a range is 1 <= from <= to");
        refused(range(range -> range.setTo(Long.MAX_VALUE)), "a range is 1 <= from <= to");
    }

    @Test
    void aStampNamesItsSenderAndTellsTimesThatAreNotNegative() throws Malformed {
        decode(stamp(stamp -> {}));
        refused(stamp(stamp -> stamp.setEpoch(0)), "an epoch is 1 or more");
        refused(stamp(Stamp.Builder::clearDisk), "a disk id is needed here");
        refused(stamp(stamp -> stamp.setRelay("")), "a relay is 1 to 64 of");
        refused(stamp(stamp -> stamp.setWindowNanos(-1)), "a time is below 2^63 ns, not '18446744073709551615'");
        refused(stamp(stamp -> stamp.setPhaseNanos(-1)), "a time is below 2^63 ns");
        refused(stamp(stamp -> stamp.addEchoes(Echo.newBuilder().setTo("n").setHeldNanos(-1))), "a time is below");
        refused(stamp(stamp -> stamp.addEchoes(Echo.newBuilder().setTo(LONG_NAME))), "a name is 1 to 64 of");
        refused(
                stamp(stamp -> stamp.addAllEchoes(Collections.nCopies(1025, Echo.getDefaultInstance()))),
                "a Stamp has at most 1,024 echoes");
    }

    @Test
    void aConfirmationNamesItsWitnesses() throws Malformed {
        decode(confirmed(witness -> {}));
        refused(confirmed(Witness.Builder::clearName), "a name is 1 to 64 of");
        refused(confirmed(Witness.Builder::clearEpoch), "an epoch is 1 or more");
        refused(confirmed(Witness.Builder::clearDisk), "a disk id is needed here");
        Confirmed.Builder many =
                Confirmed.newBuilder().addAllBy(Collections.nCopies(1025, Witness.getDefaultInstance()));
        refused(frame(f -> f.setConfirmed(many)), "a Confirmed has at most 1,024 by");
        Confirmed.Builder held =
                Confirmed.newBuilder().addAllHeld(Collections.nCopies(65_537, Claim.getDefaultInstance()));
        refused(frame(f -> f.setConfirmed(held)), "a Confirmed has at most 65,536 held");
    }

    @Test
    void aRunsHeaderFitsItsBytes() throws Malformed {
        decode(run(run -> {}));
        refused(
                run(run -> run.clearLengths().clearChecksums()),
                "a run has at least one record and a checksum for each");
        refused(run(run -> run.addLengths(0)), "and a checksum for each, not 2 records and 1 checksums");
        refused(run(run -> run.setFirst(0)), "a run's sequences are 1 or more and below 2^63 - 1, not 1 from 0");
        refused(run(run -> run.setFirst(Long.MAX_VALUE - 1)), "a run's sequences are 1 or more");
        refused(run(run -> run.setLengths(0, 1)), "a run's bytes are as many as its lengths say, not 8 for 1");
        refused(run(run -> run.setLengths(0, -1)), "a record is at most 8389632 bytes, not 4294967295");
        refused(
                run(run -> run.setRecords(ByteString.EMPTY)),
                "a run's bytes are as many as its lengths say, not 0 for 8");
    }

    @Test
    void aRecordThatFailsItsCheckIsRefused() {
        refused(run(run -> run.setChecksums(0, run.getChecksums(0) + 1)), "fails its check (CRC32C)");
        refused(run(run -> run.setRecords(ByteString.copyFromUtf8("another!"))), "fails its check (CRC32C)");
        refused(run(run -> run.setFirst(9)), "fails its check (CRC32C)");
    }

    @Test
    void whatIsNotKnownYetIsIgnored() throws Malformed {
        byte[] known = frame(f -> f.setPing(Ping.getDefaultInstance())).toByteArray();
        byte[] more = Arrays.copyOf(known, known.length + 3);
        more[known.length] = (byte) (16 << 3);
        more[known.length + 1] = 1;
        assertThat(PeerCodec.decode(ByteBuffer.wrap(more))).isEqualTo(new Message.Ping());
    }

    @Test
    void groupsNestedWithoutEndAreRefusedAndNotRecursedInto() {
        byte[] bytes = new byte[1 << 20];
        for (int k = 0; k < bytes.length; k += 2) {
            bytes[k] = (byte) (16 << 3 | 3);
            bytes[k + 1] = 1;
        }
        assertThatThrownBy(() -> PeerCodec.decode(ByteBuffer.wrap(bytes))).isInstanceOf(Malformed.class);
    }

    @Test
    void whatIsQuotedOfOthersIsShortAndPrintable() {
        refused(hello(hello -> hello.setName("\u001b[2J" + "x".repeat(1000))), "not '�[2J" + "x".repeat(76) + "…'");
    }

    private static void refused(PeerFrame frame, String sentence) {
        assertThatThrownBy(() -> decode(frame)).isInstanceOf(Malformed.class).hasMessageContaining(sentence);
    }

    private static Message decode(PeerFrame frame) throws Malformed {
        return PeerCodec.decode(ByteBuffer.wrap(frame.toByteArray()));
    }

    private static PeerFrame frame(Consumer<PeerFrame.Builder> said) {
        PeerFrame.Builder frame = PeerFrame.newBuilder();
        said.accept(frame);
        return frame.build();
    }

    private static PeerFrame hello(Consumer<Hello.Builder> wrong) {
        Hello.Builder hello = Hello.newBuilder()
                .setCluster("c")
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setName("n")
                .setEpoch(1)
                .setDisk(DISK);
        wrong.accept(hello);
        return frame(f -> f.setHello(hello));
    }

    private static PeerFrame query(Consumer<NameQuery.Builder> wrong) {
        NameQuery.Builder query = NameQuery.newBuilder()
                .setCluster("c")
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setName("n")
                .setDisk(DISK);
        wrong.accept(query);
        return frame(f -> f.setNameQuery(query));
    }

    private static PeerFrame refusal(Consumer<Refusal.Builder> wrong) {
        Refusal.Builder refusal = Refusal.newBuilder().setReason(Refusal.Reason.REASON_SELF);
        wrong.accept(refusal);
        return frame(f -> f.setRefusal(refusal));
    }

    private static PeerFrame register(Consumer<Register.Builder> wrong) {
        Register.Builder register = Register.newBuilder()
                .setName("n")
                .setEpoch(1)
                .setVersion(1)
                .setState(Register.State.STATE_ACTIVE)
                .setDisk(DISK)
                .setProtocolMin(1)
                .setProtocolMax(1);
        wrong.accept(register);
        return frame(f -> f.setRegisters(Registers.newBuilder().addRegisters(register)));
    }

    private static PeerFrame claim(Consumer<Claim.Builder> wrong) {
        Claim.Builder claim = Claim.newBuilder().setOrigin("n").setEpoch(1);
        wrong.accept(claim);
        return frame(f -> f.setClaims(Claims.newBuilder().addClaims(claim)));
    }

    private static PeerFrame mark(Consumer<Mark.Builder> wrong) {
        Mark.Builder mark = Mark.newBuilder().setOrigin("n").setEpoch(1);
        wrong.accept(mark);
        return frame(f -> f.setClaims(Claims.newBuilder().addMarks(mark)));
    }

    private static PeerFrame range(Consumer<Range.Builder> wrong) {
        Range.Builder range =
                Range.newBuilder().setOrigin("n").setEpoch(1).setFrom(1).setTo(1);
        wrong.accept(range);
        return frame(f -> f.setPull(Pull.newBuilder().addWants(range)));
    }

    private static PeerFrame stamp(Consumer<Stamp.Builder> wrong) {
        Stamp.Builder stamp = Stamp.newBuilder().setEpoch(1).setDisk(DISK).setRelay("n");
        wrong.accept(stamp);
        return frame(f -> f.setStamp(stamp));
    }

    private static PeerFrame confirmed(Consumer<Witness.Builder> wrong) {
        Witness.Builder witness = Witness.newBuilder().setName("n").setEpoch(1).setDisk(DISK);
        wrong.accept(witness);
        return frame(f -> f.setConfirmed(Confirmed.newBuilder().addBy(witness)));
    }

    private static PeerFrame run(Consumer<Run.Builder> wrong) {
        Run.Builder run =
                PeerWriter.frame(new Message.Runs(List.of(Sayings.run(1, "one")))).getRuns().getRuns(0).toBuilder();
        wrong.accept(run);
        return frame(f -> f.setRuns(Runs.newBuilder().addRuns(run)));
    }
}
