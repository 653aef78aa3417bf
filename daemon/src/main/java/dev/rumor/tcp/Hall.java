package dev.rumor.tcp;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The connections of one kind, and what they make this node keep for them: frames that they began and did not
/// finish, and what was written to them and they do not take. All together they keep no more than a bound. Beyond it
/// whoever has kept something for longest is closed: an honest one is done in a moment, so it is never the oldest for
/// long.
final class Hall {

    /// What a frame that was begun must grow by, or be whole, within [#PACE_SECONDS].
    static final int PACE_BYTES = 64 << 10;

    static final int PACE_SECONDS = 15;

    /// What all of them together may have handled in one turn of the loop, and each in any case; in frames. So
    /// whoever comes new waits for one turn, however many others have much to say.
    private static final int FRAMES_A_TURN = 4_096;

    private static final int LEAST_FRAMES_A_TURN = 16;
    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    /// What Netty needs to keep a message that waits to be written, beside its bytes.
    private static final int MESSAGE_OVERHEAD_BYTES = 256;

    private final int most;
    private final long mostBytes;
    private final Drops drops;

    /// In the order in which they came.
    private final Set<Guest> guests = new LinkedHashSet<>();

    /// Those for whom something is kept, in the order in which that began.
    private final Set<Guest> keeping = new LinkedHashSet<>();

    private long bytes;

    Hall(int most, long mostBytes, Drops drops) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.drops = drops;
    }

    /// How much memory a hall may take, in bytes: an eighth of the heap, within 32 MiB and 256 MiB.
    static long share() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32L << 20, 256L << 20);
    }

    boolean isFull() {
        return guests.size() >= most;
    }

    /// What is kept for all of them, in bytes.
    long bytes() {
        return bytes;
    }

    int size() {
        return guests.size();
    }

    /// Takes a connection in, be it full or not.
    ///
    /// @param farewell is told why this connection will be closed, in a moment
    Guest enter(Channel channel, Consumer<String> farewell) {
        Guest guest = new Guest(channel, farewell);
        guests.add(guest);
        channel.closeFuture().addListener(closed -> guest.leave());
        return guest;
    }

    /// Who gives up a place when all are taken: of those that never asked anything who came first, or else who has
    /// asked nothing for longest, if that is a minute or more.
    Optional<Guest> idlest() {
        return guests.stream()
                .filter(guest -> !keeping.contains(guest) && guest.idleNanos() >= IDLE_NANOS)
                .max(Comparator.comparingLong(Guest::idleNanos));
    }

    /// One connection; called on its loop.
    final class Guest {
        private final Channel channel;
        private final Consumer<String> farewell;
        private boolean spoke;
        private long heardAt;
        private long frames;
        private int framesThisTurn;
        private int unfinishedBytes;
        private long keptBytes;
        private long untakenBytes;
        private boolean watched;
        private boolean waiting;

        private Guest(Channel channel, Consumer<String> farewell) {
            this.channel = channel;
            this.farewell = farewell;
        }

        /// A whole frame came.
        void heard() {
            spoke = true;
            heardAt = System.nanoTime();
            frames++;
            framesThisTurn++;
        }

        /// It is given something that it asked for long ago, and so is not idle.
        void served() {
            heardAt = System.nanoTime();
        }

        /// Whether it has had its share of this turn. It is not read from until [#endTurn] says so.
        boolean hadItsTurn() {
            return framesThisTurn >= Math.max(LEAST_FRAMES_A_TURN, FRAMES_A_TURN / Math.max(1, guests.size()));
        }

        /// After each reading.
        ///
        /// @param next goes on with what is there already, when all others had their turn
        void endTurn(Runnable next) {
            if (!hadItsTurn()) {
                framesThisTurn = 0;
            } else if (!waiting) {
                waiting = true;
                // A task would come before what others have sent; what is scheduled comes behind it.
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    waiting = false;
                                    framesThisTurn = 0;
                                    next.run();
                                },
                                0,
                                TimeUnit.NANOSECONDS);
            }
        }

        private long idleNanos() {
            return spoke ? System.nanoTime() - heardAt : Long.MAX_VALUE;
        }

        /// After each reading: what is there of a frame that is not whole.
        ///
        /// @param kept the memory that it takes
        void began(int unfinished, int kept) {
            unfinishedBytes = unfinished;
            account(kept, untakenBytes);
            if (unfinished > 0 && !watched) {
                watched = true;
                watch();
            }
        }

        /// So many bytes were written to it. They count as long as it takes them too slowly to be written more.
        void wrote(int share) {
            if (!channel.isWritable()) {
                account(keptBytes, untakenBytes + share + MESSAGE_OVERHEAD_BYTES);
            }
        }

        /// It took nearly all that was written.
        void took() {
            account(keptBytes, 0);
        }

        private void account(long kept, long untaken) {
            if (!guests.contains(this)) {
                return;
            }
            bytes += kept + untaken - keptBytes - untakenBytes;
            keptBytes = kept;
            untakenBytes = untaken;
            if (kept + untaken > 0) {
                keeping.add(this);
            } else {
                keeping.remove(this);
            }
            while (bytes > mostBytes) {
                Guest oldest = keeping.iterator().next();
                oldest.drop(
                        Drop.HELD_TOO_LONG,
                        "connections made this node keep more than " + mostBytes
                                + " bytes of unfinished frames and untaken answers, and it did so for longest");
            }
        }

        /// While something is unfinished this looks again and again, and otherwise not at all.
        private void watch() {
            long framesThen = frames;
            int bytesThen = unfinishedBytes;
            channel.eventLoop().schedule(() -> look(framesThen, bytesThen), PACE_SECONDS, TimeUnit.SECONDS);
        }

        private void look(long framesThen, int bytesThen) {
            boolean same = frames == framesThen && unfinishedBytes - bytesThen < PACE_BYTES;
            watched = channel.isOpen() && unfinishedBytes > 0;
            // One that is not read from cannot go on.
            if (watched && same && channel.config().isAutoRead()) {
                drop(
                        Drop.SLOW_FRAME,
                        "a frame that is begun must be whole or grow by " + PACE_BYTES + " bytes within " + PACE_SECONDS
                                + " s");
            } else if (watched) {
                watch();
            }
        }

        void drop(Drop reason, String why) {
            drops.add(reason, "closed " + Address.of(channel.remoteAddress()) + ": " + why);
            leave();
            farewell.accept(why);
            channel.close();
        }

        private void leave() {
            account(0, 0);
            guests.remove(this);
        }
    }
}
