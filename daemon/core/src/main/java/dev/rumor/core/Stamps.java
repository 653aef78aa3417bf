package dev.rumor.core;

import dev.rumor.core.Message.Echo;
import dev.rumor.core.Message.Hello;
import dev.rumor.core.Message.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What goes along with a batch: who speaks and when, what it holds, and, from a relay, what all hold. So a batch in
/// one
/// direction acknowledges those of the other, and nothing is sent to acknowledge alone but when there is nothing else
/// to
/// say for long.
///
/// On a host without links it goes along with all that is said, and stands for the hello.
final class Stamps {

    /// A longer round trip than we know of is believed by this part, so that one late message does not count for much.
    private static final int DISBELIEF = 16;

    /// What is remembered of one link.
    static final class State {
        private Stamp last;
        private long lastAt;
        private boolean owesEcho;

        /// Whether the peer lets its records be collected through the node of this name.
        boolean isCollectedBy(String name) {
            return last != null && last.relay().equals(name);
        }

        /// Whether the peer may hold what others will get when it sends on what it collected; unless it said otherwise.
        boolean mayCollect() {
            return last == null || last.windowNanos() > 0;
        }

        /// How often the peer sends on what it collected; 0 when it does not, or was not heard.
        long windowNanos() {
            return last == null ? 0 : last.windowNanos();
        }
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Roster roster;
    private final Receipts receipts;
    private final Relay relay;
    private final TreeSet<Long> addressed = new TreeSet<>();

    Stamps(
            Node.Turn turn,
            Settings settings,
            Identity identity,
            Links links,
            Roster roster,
            Receipts receipts,
            Relay relay) {
        this.turn = turn;
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.roster = roster;
        this.receipts = receipts;
        this.relay = relay;
    }

    /// What a peer says of itself and of the time. On a host without links, an earlier process of the same name is not
    /// listened to, and a later one holds nothing of what the earlier did.
    void heard(Link link, Stamp stamp) {
        if (!settings.isLinked()) {
            link.stale = stamp.epoch() < link.hello.epoch();
            if (link.stale) {
                return;
            }
            meet(link, stamp);
        }
        link.stamps.last = stamp;
        link.stamps.lastAt = turn.now();
        link.stamps.owesEcho = true;
        for (Echo echo : stamp.echoes()) {
            if (echo.to().equals(settings.name())) {
                measure(link, turn.now() - echo.sentAt() - echo.heldNanos());
                relay.answered(link, echo.sentAt());
            }
        }
    }

    private void meet(Link link, Stamp stamp) {
        if (stamp.epoch() > link.hello.epoch()) {
            link.hello = Hello.of(settings.cluster(), link.name(), stamp.epoch(), stamp.tag(), stamp.disk());
            link.push.reset();
            receipts.linked(link);
            roster.met(link.name(), stamp.epoch(), stamp.disk());
        }
    }

    private static void measure(Link link, long roundTripNanos) {
        if (roundTripNanos < 0) {
            return;
        }
        long sample = roundTripNanos / 2;
        long known = link.latencyNanos;
        link.latencyNanos = known < 0 || sample < known ? sample : known + (sample - known) / DISBELIEF;
        link.roundTripNanos = roundTripNanos;
    }

    /// When the peer sent on, by our clock, what it had collected at the last such moment before its last stamp.
    ///
    /// @param latencyNanos how long that stamp took
    static long flushedAt(Link link, long latencyNanos) {
        return link.stamps.lastAt - latencyNanos - link.stamps.last.phaseNanos();
    }

    /// Something is to be said to this peer in this turn, if nothing but this.
    void address(Link link) {
        addressed.add(link.id);
    }

    /// At the end of a turn: adds to what is said.
    void complete() {
        if (!settings.isLinked()) {
            turn.targets(addressed);
        }
        if (addressed.isEmpty()) {
            return;
        }
        List<Long> ids = List.copyOf(addressed);
        addressed.clear();
        turn.add(new Effect.Send(
                ids,
                new Stamp(
                        identity.stream().epoch(),
                        identity.tag(),
                        identity.disk(),
                        relay.name(),
                        relay.windowNanos(),
                        relay.phaseNanos(),
                        turn.now(),
                        echoes(ids))));
        receipts.tell(ids);
        if (relay.isSelf()) {
            turn.add(new Effect.Send(ids, receipts.confirmation()));
        }
        relay.told(ids);
    }

    private List<Echo> echoes(List<Long> ids) {
        List<Echo> echoes = new ArrayList<>();
        for (long id : ids) {
            Link link = links.admitted(id);
            if (link.stamps.owesEcho) {
                link.stamps.owesEcho = false;
                echoes.add(new Echo(link.name(), link.stamps.last.sentAt(), turn.now() - link.stamps.lastAt));
            }
        }
        return echoes;
    }
}
