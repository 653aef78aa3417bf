package dev.rumor.tcp;

import dev.rumor.host.Desk;
import dev.rumor.host.Queue;
import dev.rumor.host.Queue.Unit;
import dev.rumor.host.Waits;
import dev.rumor.storage.Store;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.List;

/// How full what this host bounds is; on the loop.
final class Queues {

    private Queues() {}

    static List<Queue> of(Store store, Door door, Desk desk, Hall peers, Hall clients) {
        long unanswered = 0;
        long unsent = 0;
        for (Channel each : door.connections()) {
            ClientChannel client = each.pipeline().get(ClientChannel.class);
            unanswered = Math.max(unanswered, client == null ? 0 : client.unansweredBytes());
            unsent = Math.max(unsent, unsentBytes(each));
        }
        return List.of(
                new Queue("backlog", Unit.BYTES, store.backlogBytes(), TcpHost.MOST_BACKLOG_BYTES),
                new Queue("peers", Unit.ENTRIES, peers.size(), Links.MOST),
                new Queue("peers_held", Unit.BYTES, peers.bytes(), Hall.share()),
                new Queue("clients", Unit.ENTRIES, clients.size(), Clients.MOST),
                new Queue("clients_held", Unit.BYTES, clients.bytes(), Hall.share()),
                new Queue("client", Unit.BYTES, unanswered, ClientChannel.MOST_UNANSWERED_BYTES),
                new Queue("connection", Unit.BYTES, unsent, Door.MARKS.high()),
                new Queue("early", Unit.BYTES, desk.earlyBytes(), Desk.MOST_EARLY_BYTES),
                new Queue("waits", Unit.ENTRIES, desk.waits().size(), Waits.MOST),
                new Queue("lobby", Unit.ENTRIES, door.waiting(), Lobby.MOST));
    }

    /// What was written to it and the transport did not take yet.
    private static long unsentBytes(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
