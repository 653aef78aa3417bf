package dev.rumor.tcp;

import dev.rumor.wire.Framing;
import dev.rumor.wire.Sluice;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/// One connection to a peer.
final class Link {

    /// Never used twice.
    final long number;

    final Channel channel;

    /// Where it was dialled to, null if it was accepted.
    final InetSocketAddress dialled;

    private final String remote;
    private final Framing.Decoder framing;
    private final Hall.Guest guest;

    /// Whose link it is, empty until it is admitted.
    private String member = "";

    /// Why it is being closed, empty while it is not; what still arrives is not listened to.
    private String farewell = "";

    /// Before it is admitted, little may be said on it.
    Link(long number, Channel channel, InetSocketAddress dialled, Hall hall, Sluice sluice) {
        this.framing = new Framing.Decoder(Framing.MAX_FRAME_BEFORE_HELLO_BYTES, sluice);
        this.number = number;
        this.channel = channel;
        this.dialled = dialled;
        this.guest = hall.enter(channel, this::farewell);
        this.remote = Address.of(channel.remoteAddress());
    }

    Framing.Decoder framing() {
        return framing;
    }

    Hall.Guest guest() {
        return guest;
    }

    String member() {
        return member;
    }

    void admit(String name) {
        member = name;
        framing.limit(Framing.MAX_FRAME_BYTES);
    }

    boolean isAdmitted() {
        return !member.isEmpty();
    }

    String farewell() {
        return farewell;
    }

    boolean isClosing() {
        return !farewell.isEmpty();
    }

    /// The first reason given stays.
    void farewell(String why) {
        farewell = farewell.isEmpty() ? why : farewell;
    }

    @Override
    public String toString() {
        return (member.isEmpty() ? "" : member + " at ") + remote;
    }
}
