package dev.rumor.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.proto.peer.v1.Agreement;
import dev.rumor.proto.peer.v1.Claim;
import dev.rumor.proto.peer.v1.Claims;
import dev.rumor.proto.peer.v1.Confirmed;
import dev.rumor.proto.peer.v1.Echo;
import dev.rumor.proto.peer.v1.EpochEnd;
import dev.rumor.proto.peer.v1.Hello;
import dev.rumor.proto.peer.v1.Mark;
import dev.rumor.proto.peer.v1.NameQuery;
import dev.rumor.proto.peer.v1.NameReply;
import dev.rumor.proto.peer.v1.PeerFrame;
import dev.rumor.proto.peer.v1.Ping;
import dev.rumor.proto.peer.v1.Pong;
import dev.rumor.proto.peer.v1.Pull;
import dev.rumor.proto.peer.v1.Range;
import dev.rumor.proto.peer.v1.Refusal;
import dev.rumor.proto.peer.v1.Registers;
import dev.rumor.proto.peer.v1.Round;
import dev.rumor.proto.peer.v1.Runs;
import dev.rumor.proto.peer.v1.Sections;
import dev.rumor.proto.peer.v1.Served;
import dev.rumor.proto.peer.v1.Stamp;
import dev.rumor.proto.peer.v1.Witness;

/// From the core's words to the wire's. What the core says is taken as it is; the reader at the other end
/// judges.
final class PeerWriter {
    private PeerWriter() {}

    static PeerFrame frame(Message message) {
        PeerFrame.Builder frame = PeerFrame.newBuilder();
        switch (message) {
            case Message.NameQuery said -> frame.setNameQuery(nameQuery(said));
            case Message.NameReply said -> frame.setNameReply(nameReply(said));
            case Message.Hello said -> frame.setHello(hello(said));
            case Message.Refusal said -> frame.setRefusal(refusal(said));
            case Message.Ping() -> frame.setPing(Ping.getDefaultInstance());
            case Message.Pong() -> frame.setPong(Pong.getDefaultInstance());
            case Message.Registers said -> frame.setRegisters(registers(said));
            case Message.Round said -> frame.setRound(round(said));
            case Message.Sections said -> frame.setSections(sections(said));
            case Message.Agreement() -> frame.setAgreement(Agreement.getDefaultInstance());
            case Message.Claims said -> frame.setClaims(claims(said));
            case Message.Pull said -> frame.setPull(pull(said));
            case Message.Runs said -> frame.setRuns(runs(said));
            case Message.Served said -> frame.setServed(served(said));
            case Message.Stamp said -> frame.setStamp(stamp(said));
            case Message.Confirmed said -> frame.setConfirmed(confirmed(said));
        }
        return frame.build();
    }

    private static Sections.Builder sections(Message.Sections said) {
        Sections.Builder sections = Sections.newBuilder().setAnswer(said.answer());
        said.held().forEach(each -> sections.addHeld(each.high()).addHeld(each.low()));
        said.roster().forEach(each -> sections.addRoster(each.high()).addRoster(each.low()));
        return sections;
    }

    private static NameQuery.Builder nameQuery(Message.NameQuery said) {
        return NameQuery.newBuilder()
                .setCluster(said.cluster())
                .setProtocolMin(said.protocolMin())
                .setProtocolMax(said.protocolMax())
                .setName(said.name())
                .setDisk(disk(said.disk()));
    }

    private static NameReply.Builder nameReply(Message.NameReply said) {
        NameReply.Builder reply =
                NameReply.newBuilder().setHighestEpoch(said.highestEpoch()).setEnded(said.ended());
        said.claimed().forEach(claim -> reply.addClaimed(claim(claim)));
        return reply;
    }

    private static Hello.Builder hello(Message.Hello said) {
        return Hello.newBuilder()
                .setCluster(said.cluster())
                .setProtocolMin(said.protocolMin())
                .setProtocolMax(said.protocolMax())
                .setName(said.name())
                .setEpoch(said.epoch())
                .setTag(said.tag())
                .setNonce(said.nonce())
                .setDisk(disk(said.disk()))
                .setEstablished(said.established())
                .setSoftware(said.software());
    }

    private static Refusal.Builder refusal(Message.Refusal said) {
        return Refusal.newBuilder()
                .setReason(
                        switch (said.reason()) {
                            case WRONG_CLUSTER -> Refusal.Reason.REASON_WRONG_CLUSTER;
                            case WRONG_PROTOCOL -> Refusal.Reason.REASON_WRONG_PROTOCOL;
                            case NAME_TAKEN -> Refusal.Reason.REASON_NAME_TAKEN;
                            case SELF -> Refusal.Reason.REASON_SELF;
                            case DUPLICATE -> Refusal.Reason.REASON_DUPLICATE;
                            case MALFORMED -> Refusal.Reason.REASON_MALFORMED;
                        })
                .setText(said.text())
                .setName(said.name());
    }

    private static Registers.Builder registers(Message.Registers said) {
        Registers.Builder registers = Registers.newBuilder();
        said.registers().forEach(each -> registers.addRegisters(register(each)));
        return registers;
    }

    private static Round.Builder round(Message.Round said) {
        return Round.newBuilder()
                .setHeldHigh(said.held().high())
                .setHeldLow(said.held().low())
                .setRosterHigh(said.roster().high())
                .setRosterLow(said.roster().low());
    }

    private static Claims.Builder claims(Message.Claims said) {
        Claims.Builder claims = Claims.newBuilder().setWhole(said.whole()).setAnswer(said.answer());
        said.claims().forEach(each -> claims.addClaims(claim(each)));
        said.marks()
                .forEach(each -> claims.addMarks(Mark.newBuilder()
                        .setOrigin(each.origin())
                        .setEpoch(each.epoch())
                        .setDigest(each.digest())));
        return claims;
    }

    private static Pull.Builder pull(Message.Pull said) {
        Pull.Builder pull = Pull.newBuilder().setHold(said.hold());
        said.wants().forEach(each -> pull.addWants(range(each)));
        return pull;
    }

    private static Served.Builder served(Message.Served said) {
        Served.Builder served = Served.newBuilder().setDone(said.done());
        said.gaps().forEach(each -> served.addGaps(range(each)));
        return served;
    }

    private static Stamp.Builder stamp(Message.Stamp said) {
        Stamp.Builder stamp = Stamp.newBuilder()
                .setEpoch(said.epoch())
                .setTag(said.tag())
                .setDisk(disk(said.disk()))
                .setRelay(said.relay())
                .setWindowNanos(said.windowNanos())
                .setPhaseNanos(said.phaseNanos())
                .setSentAt(said.sentAt());
        said.echoes()
                .forEach(each -> stamp.addEchoes(Echo.newBuilder()
                        .setTo(each.to())
                        .setSentAt(each.sentAt())
                        .setHeldNanos(each.heldNanos())));
        return stamp;
    }

    private static Confirmed.Builder confirmed(Message.Confirmed said) {
        Confirmed.Builder confirmed = Confirmed.newBuilder();
        said.by()
                .forEach(each -> confirmed.addBy(Witness.newBuilder()
                        .setName(each.name())
                        .setEpoch(each.epoch())
                        .setDisk(disk(each.disk()))));
        said.held().forEach(each -> confirmed.addHeld(claim(each)));
        return confirmed;
    }

    private static Runs.Builder runs(Message.Runs said) {
        Runs.Builder runs = Runs.newBuilder();
        said.runs().forEach(each -> runs.addRuns(run(each)));
        return runs;
    }

    private static dev.rumor.proto.peer.v1.Run.Builder run(Run run) {
        dev.rumor.proto.peer.v1.Run.Builder built = dev.rumor.proto.peer.v1.Run.newBuilder()
                .setOrigin(run.stream().origin())
                .setEpoch(run.stream().epoch())
                .setTag(run.tag())
                .setFirst(run.first())
                .setClock(run.clock())
                .setRecords(UnsafeByteOperations.unsafeWrap(run.bytes(), run.offset(), run.size()));
        for (int k = 0; k < run.count(); k++) {
            built.addLengths(run.length(k)).addChecksums(run.checksum(k));
        }
        return built;
    }

    private static dev.rumor.proto.peer.v1.Register register(Register register) {
        dev.rumor.proto.peer.v1.Register.Builder built = dev.rumor.proto.peer.v1.Register.newBuilder()
                .setName(register.name())
                .setEpoch(register.epoch())
                .setVersion(register.version())
                .setState(
                        switch (register.state()) {
                            case JOINING -> dev.rumor.proto.peer.v1.Register.State.STATE_JOINING;
                            case ACTIVE -> dev.rumor.proto.peer.v1.Register.State.STATE_ACTIVE;
                            case LEFT -> dev.rumor.proto.peer.v1.Register.State.STATE_LEFT;
                            case EVICTED -> dev.rumor.proto.peer.v1.Register.State.STATE_EVICTED;
                        })
                .setDisk(disk(register.disk()))
                .addAllAddresses(register.addresses())
                .setProtocolMin(register.protocolMin())
                .setProtocolMax(register.protocolMax())
                .setSoftware(register.software());
        register.ends()
                .forEach(end -> built.addEnds(EpochEnd.newBuilder()
                        .setEpoch(end.epoch())
                        .setLast(end.last() == Register.End.UNKNOWN ? 0 : end.last())));
        register.ended().forEach(disk -> built.addEnded(disk(disk)));
        return built.build();
    }

    private static dev.rumor.proto.peer.v1.DiskId disk(DiskId disk) {
        return dev.rumor.proto.peer.v1.DiskId.newBuilder()
                .setHigh(disk.high())
                .setLow(disk.low())
                .build();
    }

    private static Range.Builder range(Stream.Range range) {
        return Range.newBuilder()
                .setOrigin(range.stream().origin())
                .setEpoch(range.stream().epoch())
                .setFrom(range.from())
                .setTo(range.to());
    }

    private static Claim.Builder claim(Frontier.Claim claim) {
        Claim.Builder built = Claim.newBuilder()
                .setOrigin(claim.stream().origin())
                .setEpoch(claim.stream().epoch())
                .setTag(claim.tag());
        Intervals held = claim.held();
        for (int k = 0; k < held.size(); k++) {
            built.addHeld(k == 0 ? held.from(k) : held.from(k) - held.to(k - 1) - 2);
            built.addHeld(held.to(k) - held.from(k));
        }
        return built;
    }
}
