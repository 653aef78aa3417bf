package dev.rumor.wire;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.proto.peer.v1.Claim;
import dev.rumor.proto.peer.v1.Claims;
import dev.rumor.proto.peer.v1.Confirmed;
import dev.rumor.proto.peer.v1.NameReply;
import dev.rumor.proto.peer.v1.PeerFrame;
import dev.rumor.proto.peer.v1.Pull;
import dev.rumor.proto.peer.v1.Register;
import dev.rumor.proto.peer.v1.Registers;
import dev.rumor.proto.peer.v1.Runs;
import dev.rumor.proto.peer.v1.Sections;
import dev.rumor.proto.peer.v1.Served;
import dev.rumor.proto.peer.v1.Stamp;
import java.nio.ByteBuffer;

/// What peers say to each other, to and from bytes. Every bound that `peer.proto` states is kept here, so
/// that the core never meets what breaks one.
public final class PeerCodec {

    /// Entries of a frontier in one frame, and of its marks.
    public static final int MAX_CLAIMS = 65_536;

    /// Ranges in one pull, and in one answer.
    public static final int MAX_RANGES = 1024;

    /// Registers in one frame.
    public static final int MAX_REGISTERS = 1024;

    /// Echoes in one stamp, and witnesses of one confirmation.
    public static final int MAX_ECHOES = 1024;

    /// Runs in one frame: as many of the smallest as 9 MiB hold.
    public static final int MAX_RUNS = 262_144;

    /// A record's longest entry in the header of its run: its length as a varint, and its checksum.
    public static final int RECORD_HEADER_BYTES = 5 + 4;

    private static final int MAX_SECTIONS = dev.rumor.core.stream.Sections.COUNT;
    private static final int MAX_LISTED = dev.rumor.core.message.Register.MAX_LISTED;
    private static final int MAX_ADDRESSES = dev.rumor.core.message.Register.MAX_ADDRESSES;

    private static final Bounds BOUNDS = new Bounds(PeerFrame.getDescriptor())
            .and(NameReply.getDescriptor(), NameReply.CLAIMED_FIELD_NUMBER, MAX_CLAIMS)
            .and(Claims.getDescriptor(), Claims.CLAIMS_FIELD_NUMBER, MAX_CLAIMS)
            .and(Claims.getDescriptor(), Claims.MARKS_FIELD_NUMBER, MAX_CLAIMS)
            .and(Claim.getDescriptor(), Claim.HELD_FIELD_NUMBER, 2 * Intervals.MAX_INTERVALS)
            .and(Registers.getDescriptor(), Registers.REGISTERS_FIELD_NUMBER, MAX_REGISTERS)
            .and(Register.getDescriptor(), Register.ADDRESSES_FIELD_NUMBER, MAX_ADDRESSES)
            .and(Register.getDescriptor(), Register.ENDS_FIELD_NUMBER, MAX_LISTED)
            .and(Register.getDescriptor(), Register.ENDED_FIELD_NUMBER, MAX_LISTED)
            .and(Pull.getDescriptor(), Pull.WANTS_FIELD_NUMBER, MAX_RANGES)
            .and(Served.getDescriptor(), Served.GAPS_FIELD_NUMBER, MAX_RANGES)
            .and(Stamp.getDescriptor(), Stamp.ECHOES_FIELD_NUMBER, MAX_ECHOES)
            .and(Sections.getDescriptor(), Sections.HELD_FIELD_NUMBER, 2 * MAX_SECTIONS)
            .and(Sections.getDescriptor(), Sections.ROSTER_FIELD_NUMBER, 2 * MAX_SECTIONS)
            .and(Confirmed.getDescriptor(), Confirmed.BY_FIELD_NUMBER, MAX_ECHOES)
            .and(Confirmed.getDescriptor(), Confirmed.HELD_FIELD_NUMBER, MAX_CLAIMS)
            .and(Runs.getDescriptor(), Runs.RUNS_FIELD_NUMBER, MAX_RUNS);

    private PeerCodec() {}

    /// The frame with its length in front, ready to be written as it is on any number of links.
    ///
    /// @throws IllegalArgumentException if it is larger than [Framing#MAX_FRAME_BYTES]; who says much at once
    ///     sees to that
    public static byte[] encode(Message message) {
        return Frame.of(PeerWriter.frame(message));
    }

    /// What a frame (without its length) says. The buffer may be reused afterwards: what is kept of it is
    /// copied.
    ///
    /// @throws Malformed for whatever `peer.proto` does not allow, and for records that fail their checksum;
    ///     nothing else comes out, whatever the bytes
    public static Message decode(ByteBuffer frame) throws Malformed {
        return PeerReader.message(Frame.parse(frame, PeerFrame.parser(), BOUNDS, PeerFrame.getDescriptor()));
    }
}
