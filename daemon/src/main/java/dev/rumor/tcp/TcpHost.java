package dev.rumor.tcp;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.Desk;
import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.host.Machine;
import dev.rumor.host.Observer;
import dev.rumor.host.Promise;
import dev.rumor.host.Queue;
import dev.rumor.host.Reader;
import dev.rumor.host.Readings;
import dev.rumor.host.Stopped;
import dev.rumor.host.Waits;
import dev.rumor.host.Warnings;
import dev.rumor.storage.Store;
import dev.rumor.wire.Quorum;
import dev.rumor.wire.RunCodec;
import dev.rumor.wire.Sluice;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives one node over TCP. One event loop owns the node, its connections, its alarm and all else in this package that
/// has a state: there is no lock. The heart is [#feed]; all else either brings it events or is brought effects. What
/// performing an effect teaches (a channel is full, a run is stored) is posted, and comes as an event of its own.
public final class TcpHost {

    /// What a host is started with.
    ///
    /// @param name of the node
    /// @param listen where peers and clients connect; port 0 lets the system choose
    /// @param seeds whom to dial first
    /// @param maxPayload largest payload that clients may broadcast here, in bytes
    /// @param ephemeral whether the store forgets when the process ends; only told to clients
    /// @param dice for the jitter of reconnecting
    /// @param store makes the store, given where it posts its events and the node's loop
    /// @param machine makes the node, given the address that it listens on
    public record Setup(
            String name,
            Address listen,
            List<Address> seeds,
            int maxPayload,
            boolean ephemeral,
            RandomGenerator dice,
            Observer observer,
            BiFunction<Consumer<Event>, Executor, Store> store,
            Function<InetSocketAddress, Machine> machine) {}

    private static final String STOPPED = "the node has stopped";
    private static final int LAST_WORDS_SECONDS = 2;

    /// What may have been appended and not be durable before nobody is read from.
    static final long MOST_BACKLOG_BYTES = 32L << 20;

    private final long born = System.nanoTime();
    private final Setup setup;
    private final Logger log;
    private final EventLoop loop;
    private final Warnings warnings;
    private final Drops drops;
    private final Door door;
    private final Store store;
    private final Sluice sluice;
    private final Links links;
    private final Flush flush;
    private final Peers peers;
    private final Reader reader;
    private final Alarm alarm;
    private final Desk desk;
    private final Clients clients;
    private final CompletableFuture<Stream> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Machine machine;
    private InetSocketAddress address;
    private boolean feeding;
    private boolean broken;

    // The end comes in steps: stopping, clearing the connections, over.
    private boolean stopping;
    private boolean clearing;
    private boolean cleared;
    private boolean over;
    private Stopped failure;

    private TcpHost(Setup setup, Loops loops) {
        this.setup = setup;
        this.log = LoggerFactory.getLogger("rumor." + setup.name());
        this.loop = loops.next();
        this.flush = new Flush(loop);
        this.warnings = new Warnings(log::warn, this::now);
        this.drops = new Drops(new Warnings(log::warn, this::now));
        this.door = new Door(loop, loops.transport, drops);
        this.store = setup.store().apply(event -> post(() -> feed(event)), this::post);
        this.sluice = new Sluice(store::backlogBytes, MOST_BACKLOG_BYTES, this::post);
        this.links = new Links(flush, setup.observer(), new Hall(Links.MOST, Hall.share(), drops), sluice);
        this.peers = new Peers(this, setup, loop, door, links, drops, log);
        this.reader = new Reader(store, this::run);
        Waits waits = new Waits(this::holdersNow, this::viewNow, loop);
        Readings readings = new Readings(this::viewNow, () -> machine, store, reader, loop, this::run);
        this.desk = new Desk(this::feed, readings, waits, this::post);
        this.clients = new Clients(this, desk, setup, loop, door, flush, drops, sluice, log);
        this.alarm = new Alarm(loop, this::now, () -> feed(new Event.Woke()));
    }

    /// Takes the port, opens the store and begins. What follows is told by [#ready] and [#ended].
    ///
    /// @throws IOException with a sentence for the user if the address cannot be listened on
    public static TcpHost start(Setup setup) throws IOException {
        TcpHost host = new TcpHost(setup, Loops.join());
        try {
            host.address = host.door.listen(setup.listen(), host.peers::accepted, host.clients::accepted);
            host.machine = setup.machine().apply(host.address);
            Event.Recovered recovered = host.store.open(System.currentTimeMillis());
            host.post(() -> host.begin(recovered));
            return host;
        } catch (IOException | RuntimeException failed) {
            host.door.shut();
            host.store.close();
            Loops.leave();
            throw failed;
        }
    }

    private void begin(Event.Recovered recovered) {
        feed(recovered);
        door.open();
        peers.start();
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return address;
    }

    /// The node's stream, once it has its epoch.
    public CompletableFuture<Stream> ready() {
        return ready.copy();
    }

    /// Completes when everything is closed; with [Stopped] if the node ended for a reason of its own.
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /// How often since the start it turned somebody away, or took something not, for this reason. Any thread may ask.
    public long dropped(Drop reason) {
        return drops.count(reason);
    }

    /// A picture of the node as it is now.
    public CompletableFuture<View> view() {
        return onLoop(this::viewNow);
    }

    /// How full each of its queues is.
    public CompletableFuture<List<Queue>> queues() {
        return onLoop(() -> Queues.of(store, door, desk, links.hall(), clients.hall()));
    }

    /// Broadcasts these records, if need be when the node has its epoch; completes `answer` with the range that they
    /// became once they are durable here and nobody else was sent them, or with [Stopped], which says why not.
    public void broadcast(Run.Draft draft, CompletableFuture<Range> answer) {
        Promise offer = new Promise(answer, draft.count());
        if (!tryPost(() -> desk.offerWhenOpen(draft, offer))) {
            offer.refused(STOPPED);
        }
    }

    /// As above, and tells the sender when these records are held by a quorum too, or the time is over.
    ///
    /// @return to be run, on any thread, by a sender that does not want to be told any more
    public Runnable broadcast(Run.Draft draft, Quorum quorum, Duration within, Waits.Sender sender) {
        CompletableFuture<Waits.Waiting> waiting = new CompletableFuture<>();
        if (!tryPost(() -> desk.offerWhenOpen(draft, quorum, within, sender).ifPresent(waiting::complete))) {
            sender.refused(STOPPED);
        }
        return () -> waiting.thenAccept(each -> post(each::leave));
    }

    /// What readers are given; they begin on the loop.
    public <T> CompletableFuture<T> reading(Function<Readings, CompletableFuture<T>> begin) {
        return onLoop(() -> begin.apply(desk.readings())).thenCompose(begun -> begun);
    }

    /// Says what is due and closes everything, within ten seconds however slow peers and disk are.
    public CompletableFuture<Void> close() {
        post(() -> stop(null));
        return ended();
    }

    // --- the heart

    /// One turn: an event goes in, and its effects are performed in their order. On the loop.
    void feed(Event event) {
        if (feeding) {
            throw new IllegalStateException(event + " came in the middle of another event");
        }
        if (broken || over) {
            return;
        }
        feeding = true;
        try {
            long now = now();
            List<Effect> effects = machine.handle(event, now);
            setup.observer().observe(event, effects);
            for (Effect effect : effects) {
                perform(effect);
            }
        } catch (RuntimeException | Error bug) {
            log.error("the node is broken, at {}", event, bug);
            broken = true;
            post(() -> stop(new Stopped("the node is broken: " + bug)));
        } finally {
            feeding = false;
        }
        desk.waits().stir();
        if (sluice.look()) {
            setup.observer().behind();
        }
        if (stopping) {
            post(this::clearWhenIdle);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.OpenEpoch open -> store.openEpoch(open.disk(), open.epoch(), open.tag());
            case Effect.Ready open -> opened(open.stream());
            case Effect.Stop stop -> post(() -> stop(new Stopped(stop.why())));
            case Effect.WakeAt wake -> alarm.set(wake.now());
            case Effect.Warn warn -> warnings.say(warn.why());
            case Effect.Send send -> links.send(send.links(), send.message());
            case Effect.Admit admit -> peers.admit(admit);
            case Effect.Hangup hangup -> peers.hangUp(hangup);
            case Effect.Reach reach -> peers.reach(reach);
            case Effect.Leave leave -> peers.leave(leave);
            case Effect.Append append -> store.append(append.run());
            case Effect.AppendOwn own ->
                store.append(RunCodec.encode(own.stream(), own.tag(), own.first(), own.clock(), own.drafts()));
            case Effect.SendRange send -> reader.read(send.range(), send.maxBytes(), chunk -> sendRange(send, chunk));
            case Effect.Trim trim -> store.trim(trim.committed(), trim.keepBytes(), trim.keepMillis());
            case Effect.RememberRegister remember -> store.rememberRegister(remember.register());
            case Effect.RememberMarks remember -> store.rememberMarks(remember.marks());
            case Effect.Acknowledge acknowledge -> desk.acknowledge(acknowledge);
            case Effect.Grant grant -> desk.grant(grant);
            case Effect.Refuse refuse -> desk.refuse(refuse);
            case Effect.Deliver deliver -> desk.readings().tell(deliver.range());
            case Effect.Waive waive -> store.waive(waive.range(), waive.tag());
        }
    }

    /// The node's time: nanoseconds since this host was made.
    private long now() {
        return System.nanoTime() - born;
    }

    /// Has this run on the loop, at once if this is the loop.
    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            post(task);
        }
    }

    /// Has this run on the loop, in a turn of its own. A host that has ended drops it.
    void post(Runnable task) {
        tryPost(task);
    }

    private boolean tryPost(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /// What this answers on the loop, in a turn of its own; never, if the loop does not turn any more.
    public <T> CompletableFuture<T> onLoop(Supplier<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!tryPost(() -> answer.completeAsync(task, Runnable::run))) {
            answer.completeExceptionally(new Stopped(STOPPED));
        }
        return answer;
    }

    // --- effects that take more than a line

    private void opened(Stream stream) {
        desk.open();
        completeElsewhere(() -> ready.complete(stream));
    }

    /// Whoever waits for it may go on with something that takes its time, and not on the loop.
    private static void completeElsewhere(Runnable completion) {
        Thread.ofVirtual().name("rumor-told").start(completion);
    }

    private void sendRange(Effect.SendRange send, Reader.Chunk chunk) {
        Stream stream = send.range().stream();
        chunk.gap()
                .ifPresent(gap -> send.links()
                        .forEach(link -> post(() -> feed(new Event.Unreadable(link, stream, gap.from(), gap.to())))));
        if (!chunk.runs().isEmpty()) {
            long upTo = chunk.runs().getLast().last();
            links.send(send.links(), chunk.runs(), link -> post(() -> feed(new Event.Sent(link.number, stream, upTo))));
        }
    }

    // --- what clients and embedders are served with, on the loop

    public View viewNow() {
        return machine.view(now());
    }

    /// Who durably holds these records.
    public View.Holders holdersNow(Range range) {
        return machine.holders(range, now());
    }

    // --- the end

    private void stop(Stopped why) {
        if (!stopping) {
            stopping = true;
            failure = why;
            door.shut();
            peers.stopDialling();
            feed(new Event.Stopping());
            loop.schedule(this::clear, LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            if (failure != null) {
                desk.close(failure.getMessage());
            }
            clearWhenIdle();
        }
    }

    /// What was offered is answered first, and what was broadcast here has reached whoever is linked; unless the node
    /// can do no more.
    private void clearWhenIdle() {
        if (stopping && (failure != null || desk.isIdle() && machine.isLevel())) {
            clear();
        }
    }

    private void clear() {
        if (!clearing) {
            clearing = true;
            desk.waits().close();
            peers.bidFarewell();
            door.clear().addListener(done -> {
                cleared = true;
                endWhenCleared();
            });
        }
    }

    /// Called again when a link is gone: its connection is closed a moment before it is heard of.
    void endWhenCleared() {
        if (cleared && links.isEmpty() && !over) {
            over = true;
            alarm.cancel();
            Stopped stopped = failure == null ? new Stopped(STOPPED) : failure;
            desk.close(stopped.getMessage());
            completeElsewhere(() -> {
                store.close();
                Loops.leave();
                ready.completeExceptionally(stopped);
                if (failure == null) {
                    ended.complete(null);
                } else {
                    ended.completeExceptionally(failure);
                }
            });
        }
    }
}
