package dev.rumor.simulator.disk;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.simulator.time.Agenda;
import dev.rumor.simulator.time.Delay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// How a process writes to its disk: in groups. What waits is forced together, and meanwhile the next group gathers;
/// of each write it is told when it is durable, in order.
///
/// Lives as long as its process.
public final class Store {

    private static final String FULL = "the disk is full";

    private final Agenda agenda;
    private final RandomGenerator dice;
    private final Disk disk;
    private final Consumer<Event> loop;

    /// What to report of each write that waits, in their order; of some nothing is.
    private final ArrayDeque<Object> reports = new ArrayDeque<>();

    private static final Object NOTHING = new Object();

    private Delay delay;
    private boolean forcing;

    /// How many reports are in the group that is being forced, and when that is durable.
    private int group;

    private long durableAt;

    private boolean full;
    private boolean closed;

    public Store(Agenda agenda, RandomGenerator dice, Disk disk, Delay delay, Consumer<Event> loop) {
        this.agenda = agenda;
        this.dice = dice;
        this.disk = disk;
        this.delay = delay;
        this.loop = loop;
    }

    public void open(Effect.OpenEpoch open) {
        write(new Write.Open(open.disk(), open.epoch()), new Event.EpochOpened());
    }

    public void keep(Run run) {
        write(new Write.Keep(run), new Event.Appended(run.stream(), run.first(), run.last()));
    }

    public void waive(Range range, int tag) {
        write(new Write.Waive(range, tag), new Event.Appended(range.stream(), range.from(), range.to()));
    }

    public void trim(Effect.Trim trim, long wallMillis) {
        reports.add(disk.trim(trim, wallMillis));
        force();
    }

    public void remember(Register register) {
        write(new Write.Remember(register), NOTHING);
    }

    public void remember(List<Frontier.Mark> marks) {
        write(new Write.Retire(marks), NOTHING);
    }

    private void write(Write write, Object report) {
        if (!closed) {
            disk.write(write);
            reports.add(report);
            force();
        }
    }

    /// What comes while a group is being forced is not in it.
    private void force() {
        if (!forcing && !full) {
            forcing = true;
            group = reports.size();
            await(agenda.now() + delay.nanos(dice));
        }
    }

    private void await(long durable) {
        durableAt = durable;
        agenda.at(durable, () -> forced(durable));
    }

    private void forced(long durable) {
        if (closed || full || !forcing || durable != durableAt) {
            return;
        }
        forcing = false;
        List<Object> done = new ArrayList<>(group);
        for (int k = 0; k < group; k++) {
            disk.force();
            done.add(reports.remove());
        }
        if (!reports.isEmpty()) {
            force();
        }
        for (Object report : done) {
            if (!closed && report instanceof Event event) {
                loop.accept(event);
            }
        }
    }

    /// As many of these records as there are and may be sent, or else what is reported in their place. What is damaged
    /// is found by reading it, and reported before.
    public List<Run> read(Range range, int maxBytes, Consumer<Range> unreadable) {
        for (Range bad : disk.check(range)) {
            later(new Event.Damaged(bad.stream(), bad.from(), bad.to()));
        }
        List<Run> runs = disk.read(range, maxBytes);
        if (runs.isEmpty()) {
            unreadable.accept(new Range(range.stream(), range.from(), disk.firstReadable(range) - 1));
        }
        return runs;
    }

    private void later(Event event) {
        agenda.after(0, () -> {
            if (!closed) {
                loop.accept(event);
            }
        });
    }

    /// From now on it takes another time; and what is being forced no more than that.
    public void delay(Delay next) {
        delay = next;
        if (forcing) {
            await(Math.min(durableAt, agenda.now() + next.nanos(dice)));
        }
    }

    /// There is no room any more: what waits will never be durable.
    public void fill() {
        if (!full) {
            full = true;
            later(new Event.StoreFailed(FULL));
        }
    }

    /// The process ends: what was not forced may be lost, unless it closes its disk in good order.
    public void close(boolean inGoodOrder) {
        closed = true;
        if (full) {
            disk.lose();
        } else if (inGoodOrder) {
            disk.close();
        } else {
            disk.crash(dice);
        }
    }
}
