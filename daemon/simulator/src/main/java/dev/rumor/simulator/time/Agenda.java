package dev.rumor.simulator.time;

import java.util.Arrays;

/// What is to happen, in the order of (instant, sequence): of two things due at the same instant, the one that was
/// added first. Time is when the last of them happened; nothing waits for it.
///
/// A heap of its own because this is the innermost loop: a cue carries its own place in the order, so that adding one
/// allocates nothing besides it.
public final class Agenda {

    /// Something that is to happen once. Not to be added again before it did.
    public abstract static class Cue {
        private long at;
        private long sequence;

        protected abstract void ring();

        /// When it is due.
        public final long at() {
            return at;
        }

        private boolean isBefore(Cue other) {
            return at < other.at || at == other.at && sequence < other.sequence;
        }
    }

    /// What a caller has to do, where a class of its own is not worth it.
    private static final class Errand extends Cue {
        private final Runnable action;

        private Errand(Runnable action) {
            this.action = action;
        }

        @Override
        protected void ring() {
            action.run();
        }
    }

    private Cue[] heap = new Cue[1024];
    private int size;
    private long sequence;
    private long now;
    private long rung;

    /// Nanoseconds since the beginning.
    public long now() {
        return now;
    }

    /// How many cues are waiting.
    public int size() {
        return size;
    }

    /// How many cues have rung.
    public long rung() {
        return rung;
    }

    /// What lies in the past is due now.
    public void at(long instant, Cue cue) {
        cue.at = Math.max(now, instant);
        cue.sequence = sequence++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        rise(cue);
    }

    public void at(long instant, Runnable action) {
        at(instant, new Errand(action));
    }

    public void after(long nanos, Cue cue) {
        at(now + nanos, cue);
    }

    public void after(long nanos, Runnable action) {
        at(now + nanos, new Errand(action));
    }

    /// Lets everything happen that is due until then, then included; and then it is then.
    public void run(long until) {
        while (step(until)) {}
        now = Math.max(now, until);
    }

    /// @return whether anything was due until then, and happened
    public boolean step(long until) {
        if (size == 0 || heap[0].at > until) {
            return false;
        }
        Cue first = heap[0];
        Cue last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            sink(last);
        }
        now = first.at;
        rung++;
        first.ring();
        return true;
    }

    private void rise(Cue cue) {
        int place = size++;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!cue.isBefore(heap[parent])) {
                break;
            }
            heap[place] = heap[parent];
            place = parent;
        }
        heap[place] = cue;
    }

    private void sink(Cue cue) {
        int place = 0;
        for (int child = 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(cue)) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = cue;
    }
}
