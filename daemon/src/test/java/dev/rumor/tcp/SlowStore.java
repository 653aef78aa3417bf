package dev.rumor.tcp;

import dev.rumor.core.Event;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.storage.MemoryStore;
import dev.rumor.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A store whose disk does nothing before it is told to; on the node's loop, as all of a store.
final class SlowStore implements Store {

    private final Consumer<Event> post;
    private final List<Event> held = new ArrayList<>();
    private final MemoryStore memory = new MemoryStore(this::happened);
    private long backlogBytes;
    private boolean fast;

    SlowStore(Consumer<Event> post) {
        this.post = post;
    }

    private void happened(Event event) {
        if (event instanceof Event.Appended && !fast) {
            held.add(event);
        } else {
            post.accept(event);
        }
    }

    /// From now on nothing waits.
    void hurry() {
        fast = true;
        backlogBytes = 0;
        held.forEach(post);
        held.clear();
    }

    void fail(String why) {
        post.accept(new Event.StoreFailed(why));
    }

    @Override
    public void append(Run run) {
        backlogBytes += fast ? 0 : run.cost();
        memory.append(run);
    }

    @Override
    public long backlogBytes() {
        return backlogBytes;
    }

    @Override
    public Event.Recovered open(long wallMillis) {
        return memory.open(wallMillis);
    }

    @Override
    public void openEpoch(DiskId disk, long epoch, int tag) {
        memory.openEpoch(disk, epoch, tag);
    }

    @Override
    public void waive(Stream.Range range, int tag) {
        memory.waive(range, tag);
    }

    @Override
    public void read(Stream.Range range, int maxBytes, Consumer<List<Run>> then) {
        memory.read(range, maxBytes, then);
    }

    @Override
    public List<Stream.Range> retained() {
        return memory.retained();
    }

    @Override
    public void trim(List<Claim> committed, long keepBytes, long keepMillis) {
        memory.trim(committed, keepBytes, keepMillis);
    }

    @Override
    public void rememberRegister(Register register) {
        memory.rememberRegister(register);
    }

    @Override
    public void rememberMarks(List<Mark> marks) {
        memory.rememberMarks(marks);
    }

    @Override
    public void close() {
        memory.close();
    }
}
