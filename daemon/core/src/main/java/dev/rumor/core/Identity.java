package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// Who this node is: name, disk id, epoch, and the rule by which a start chooses them (DESIGN.md section 4, Identity).
///
/// Every start opens a new epoch, the highest of: the wall clock in milliseconds, the last durable epoch + 1, the
/// highest epoch that a peer reports for this name + 1. It is chosen after the first answer to a name query, or after
/// 2 s without one, made durable, and never raised while running. So no sequence is ever used twice, whether the disk
/// was lost, is an older copy, or was cloned.
final class Identity {

    /// How long a start waits for a peer to tell what it knows of our name.
    private static final long ASK_NANOS = Duration.ofSeconds(2).toNanos();

    enum Stage {
        CLOSED,
        ASKING,
        OPENING,
        OPEN
    }

    private final Node.Turn turn;
    private final Settings settings;
    private final RandomGenerator dice;
    private final Log log;
    private final long nonce;
    private Stage stage = Stage.CLOSED;
    private DiskId disk;
    private boolean freshDisk;
    private boolean lostDisk;
    private List<DiskId> ended = List.of();
    private long lastEpoch;
    private long wallMillis;
    private long startedAt;
    private boolean answered;
    private boolean established;
    private Stream stream;
    private int tag;

    Identity(Node.Turn turn, Settings settings, RandomGenerator dice, Log log) {
        this.turn = turn;
        this.settings = settings;
        this.dice = dice;
        this.log = log;
        this.nonce = dice.nextLong();
    }

    /// The restart rule's input. Nothing found, or a copy from earlier: a new disk id, because what the old one
    /// claimed is not held any more. Otherwise the disk stays itself: frontiers never shrink for a torn tail or for
    /// damage, which is pulled again. But a disk that has ended is counted no more, though all that it holds is
    /// there: it goes on under a new id, as a new member.
    void recover(Event.Recovered found) {
        if (stage != Stage.CLOSED) {
            throw new IllegalStateException("recovered twice");
        }
        lostDisk = switch (found.found()) {
            case NOTHING, OLD -> true;
            case CLEAN, TORN, DAMAGED -> false;
        };
        freshDisk = lostDisk;
        disk = freshDisk ? DiskId.random(dice) : found.disk();
        if (found.roster().stream().anyMatch(this::isEnded)) {
            renewEnded();
        }
        lastEpoch = lastEpoch(found);
        wallMillis = found.wallMillis();
        startedAt = turn.now();
        stage = Stage.ASKING;
        if (!settings.seeded()) {
            open();
        }
    }

    /// Where a disk was not closed in good order, a part of what it knew may be lost, and all that it still says of its
    /// past counts.
    private long lastEpoch(Event.Recovered found) {
        long last = found.lastEpoch();
        if (found.found() == Event.Recovered.Found.CLEAN) {
            return last;
        }
        for (Claim claim : found.claims()) {
            boolean own = claim.stream().origin().equals(settings.name());
            last = own ? Math.max(last, claim.stream().epoch()) : last;
        }
        for (Register former : found.roster()) {
            last = former.name().equals(settings.name()) ? Math.max(last, former.epoch()) : last;
        }
        return last;
    }

    private boolean isEnded(Register former) {
        return former.name().equals(settings.name()) && former.ended().contains(disk);
    }

    private void renewEnded() {
        DiskId former = disk;
        ended = List.of(former);
        renew();
        turn.add(new Effect.Warn("the disk " + former + " left the cluster or was evicted; with all that it holds it "
                + "joins as a new member, under the new disk id " + disk));
    }

    private void renew() {
        freshDisk = true;
        disk = DiskId.random(dice);
    }

    /// A peer told what it knows of our name. A disk that claimed more than it now holds is an older copy of itself,
    /// and takes a new id before it claims anything.
    void answered(Message.NameReply reply) {
        if (stage != Stage.ASKING) {
            return;
        }
        answered = true;
        lastEpoch = Math.max(lastEpoch, reply.highestEpoch());
        if (reply.ended() && !freshDisk) {
            renewEnded();
        }
        for (Claim claim : reply.claimed()) {
            if (!log.durable().held(claim.stream()).containsAll(claim.held()) && !freshDisk) {
                lostDisk = true;
                renew();
                turn.add(new Effect.Warn("this disk once held more of " + claim.stream() + " than it does now; "
                        + "it is taken for a restored copy and continues under the new disk id " + disk));
            }
        }
        open();
    }

    void woke() {
        if (turn.now() >= alarm()) {
            open();
        }
    }

    long alarm() {
        return stage == Stage.ASKING ? startedAt + ASK_NANOS : Long.MAX_VALUE;
    }

    private void open() {
        long wallNow = wallMillis + (turn.now() - startedAt) / 1_000_000;
        stream = new Stream(settings.name(), Math.max(1, Math.max(wallNow, lastEpoch + 1)));
        tag = dice.nextInt();
        stage = Stage.OPENING;
        turn.add(new Effect.OpenEpoch(disk, stream.epoch(), tag));
    }

    void opened() {
        if (stage != Stage.OPENING) {
            throw new IllegalStateException("an epoch opened that was not asked for");
        }
        stage = Stage.OPEN;
        turn.add(new Effect.Ready(stream));
    }

    /// This node's first register of the epoch. Alone, unless somebody answered: then it joins.
    Register register() {
        List<Register.End> ends = log.durable().claims(settings.name()).stream()
                .map(claim ->
                        new Register.End(claim.stream().epoch(), claim.held().contiguous()))
                .toList();
        if (lostDisk && lastEpoch > 0) {
            ends = List.of(new Register.End(lastEpoch, Register.End.UNKNOWN));
        }
        boolean joining = answered && freshDisk;
        return new Register(
                settings.name(),
                stream.epoch(),
                1,
                joining ? Register.State.JOINING : Register.State.ACTIVE,
                disk,
                settings.addresses(),
                Message.PROTOCOL_MIN,
                Message.PROTOCOL_MAX,
                settings.software(),
                Register.newest(ends),
                ended);
    }

    Message.Hello hello() {
        return new Message.Hello(
                settings.cluster(),
                Message.PROTOCOL_MIN,
                Message.PROTOCOL_MAX,
                settings.name(),
                stream.epoch(),
                tag,
                nonce,
                disk,
                established,
                settings.software());
    }

    Message.NameQuery query() {
        return new Message.NameQuery(
                settings.cluster(), Message.PROTOCOL_MIN, Message.PROTOCOL_MAX, settings.name(), disk);
    }

    /// A peer admitted this process: from now on it does not yield to another of its name without a fight.
    void establish() {
        established = true;
    }

    boolean isEstablished() {
        return established;
    }

    boolean isAsking() {
        return stage == Stage.ASKING;
    }

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /// This epoch's stream; null before the epoch was chosen.
    Stream stream() {
        return stream;
    }

    int tag() {
        return tag;
    }

    long nonce() {
        return nonce;
    }

    DiskId disk() {
        return disk;
    }
}
