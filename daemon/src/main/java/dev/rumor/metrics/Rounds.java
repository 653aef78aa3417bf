package dev.rumor.metrics;

/// Gossip rounds that this node opened, by what came of them with each peer.
final class Rounds {

    private final Count equal;
    private final Count different;
    private final Count unanswered;

    Rounds(Meters meters) {
        equal = counter(meters, "equal");
        different = counter(meters, "different");
        unanswered = counter(meters, "unanswered");
    }

    private static Count counter(Meters meters, String outcome) {
        return meters.counter(
                "gossip.rounds",
                "Peers asked in gossip rounds that this node opened, by what they answered: equal, different "
                        + "(something is told or pulled), or nothing before the next round with them.",
                "outcome",
                outcome);
    }

    void opened(Peer peer) {
        gone(peer);
        peer.asked = true;
    }

    void agreed(Peer peer) {
        answered(peer, equal);
    }

    void differed(Peer peer) {
        answered(peer, different);
    }

    void gone(Peer peer) {
        answered(peer, unanswered);
    }

    private static void answered(Peer peer, Count outcome) {
        if (peer.asked) {
            peer.asked = false;
            outcome.increment();
        }
    }
}
