package dev.rumor.maelstrom;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.Settings;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Stream;
import dev.rumor.host.Machine;
import dev.rumor.host.Reader;
import dev.rumor.host.Stopped;
import dev.rumor.storage.MemoryStore;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.RunCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Drives one node by lines of JSON. It has no thread and no clock: whoever has a line brings it, with the time, and
/// whoever has a clock calls [#wake] when it is due. The heart is [#feed], as in every host.
///
/// A turn is one line or one alarm, and all that follows from it here. What is said in it to one peer leaves as one
/// message at its end, because messages are what Maelstrom counts.
public final class MaelstromHost {

    /// @param workload what is asked, if it need not be inferred
    /// @param deliveryBudget see [Settings]
    /// @param gossipInterval see [Settings]
    /// @param fanout see [Settings]
    public record Options(Optional<Workload> workload, Duration deliveryBudget, Duration gossipInterval, int fanout) {

        Settings settings(String name, List<String> members) {
            return Settings.of(name, "maelstrom", List.of(), false, "")
                    .withMembers(members)
                    .withDeliveryBudget(deliveryBudget)
                    .withGossip(gossipInterval, fanout)
                    .withLimits(Service.MAX_OPERATION_BYTES, RETAIN_BYTES, RETAIN_HARD_BYTES);
        }
    }

    /// What is kept to send again; what is read stands in the ledger.
    private static final long RETAIN_BYTES = 8L << 20;

    private static final long RETAIN_HARD_BYTES = 32L << 20;

    private final Options options;
    private final long bornMillis;
    private final Function<Settings, Machine> machines;
    private final Consumer<String> out;
    private final Consumer<String> log;
    private final Service service;
    private final Deque<Event> posted = new ArrayDeque<>();
    private final MemoryStore store = new MemoryStore(posted::add, this::wallMillis);
    private final Reader reader = new Reader(store, Runnable::run);
    private final GossipReader gossip = new GossipReader();

    /// What is said in this turn, by link.
    private final Map<Long, Bundle> bundles = new TreeMap<>();

    private List<String> members = List.of();
    private String name = "";
    private Machine machine;
    private int tag;
    private long now;
    private long alarm = Long.MAX_VALUE;

    /// @param wallMillis milliseconds since 1970 at time 0 of this host
    /// @param machines makes the node, once its name and the roster are known
    /// @param out is given each line for standard output, without its end
    /// @param log is given what a person may want to know, a sentence each
    public MaelstromHost(
            Options options,
            long wallMillis,
            Function<Settings, Machine> machines,
            Consumer<String> out,
            Consumer<String> log) {
        this.options = options;
        this.bornMillis = wallMillis;
        this.machines = machines;
        this.out = out;
        this.log = log;
        this.service = new Service(
                options.workload(),
                (ticket, draft) -> posted.add(new Event.Offered(ticket, draft, wallMillis())),
                out,
                log);
    }

    /// One line came.
    ///
    /// @param at nanoseconds since time 0 of this host
    /// @throws Stopped if the node ends for a reason of its own
    public void receive(String line, long at) {
        now = Math.max(now, at);
        try {
            Envelope message = Envelope.read(line);
            if (machine != null && members.contains(message.src())) {
                hear(message);
            } else if (message.isReply()) {
                log.accept("nothing was asked, and yet there is an answer: " + line);
            } else {
                serve(message);
            }
        } catch (Malformed wrong) {
            log.accept("a line is passed over: " + wrong.getMessage());
        }
        run();
    }

    /// When to call [#wake], in nanoseconds since time 0; the largest of numbers for never.
    public long nextAlarm() {
        return alarm;
    }

    /// The time of the alarm may have come.
    public void wake(long at) {
        now = Math.max(now, at);
        if (now >= alarm) {
            alarm = Long.MAX_VALUE;
            posted.add(new Event.Woke());
            run();
        }
    }

    /// Lets the node say what is due before it ends.
    public void stop(long at) {
        now = Math.max(now, at);
        if (machine != null) {
            posted.add(new Event.Stopping());
            run();
        }
    }

    // --- what comes in

    private void hear(Envelope message) throws Malformed {
        if (!message.type().equals(GossipWriter.TYPE)) {
            throw new Malformed("peers gossip, and " + message.src() + " says '" + message.type() + "'");
        }
        long link = members.indexOf(message.src());
        gossip.parts(message.body()).forEach(part -> posted.add(new Event.Heard(link, part)));
    }

    private void serve(Envelope request) {
        try {
            request.check();
            if (request.type().equals("init")) {
                init(request);
            } else if (machine == null) {
                throw new Refused(Refused.TEMPORARILY_UNAVAILABLE, "this node was not told its name yet, by 'init'");
            } else {
                service.serve(request);
            }
        } catch (Malformed wrong) {
            out.accept(Service.error(request, Refused.MALFORMED_REQUEST, wrong.getMessage()));
        } catch (Refused refused) {
            out.accept(Service.error(request, refused.code(), refused.getMessage()));
        }
    }

    private void init(Envelope request) throws Malformed, Refused {
        if (machine != null) {
            throw new Refused(Refused.PRECONDITION_FAILED, "this node is " + name + " already");
        }
        String given = request.body().text("node_id");
        List<String> roster = new ArrayList<>();
        for (Json each : request.body().array("node_ids")) {
            roster.add(Json.textOf("each of 'node_ids'", each));
        }
        try {
            Settings settings = options.settings(given, roster);
            machine = machines.apply(settings);
            members = settings.members();
            name = given;
        } catch (IllegalArgumentException outOfBounds) {
            throw new Malformed(outOfBounds.getMessage());
        }
        posted.add(store.open(wallMillis()));
        run();
        out.accept(request.reply("init_ok", new Json.Fields()));
    }

    private long wallMillis() {
        return bornMillis + now / 1_000_000;
    }

    // --- the heart

    /// Until nothing is left to happen in this turn; then what was said leaves.
    private void run() {
        for (Event event = posted.poll(); event != null; event = posted.poll()) {
            feed(event);
        }
        Map<Message, Json> written = new IdentityHashMap<>();
        List<Message> said = List.of();
        Json body = null;
        for (Map.Entry<Long, Bundle> each : bundles.entrySet()) {
            List<Message> parts = each.getValue().parts();
            if (!isSame(parts, said)) {
                body = GossipWriter.body(parts.stream().map(part -> written.computeIfAbsent(part, GossipWriter::part)));
                said = parts;
            }
            out.accept(Envelope.line(name, members.get(each.getKey().intValue()), body));
        }
        bundles.clear();
    }

    /// Most of the time all are told the same; to compare what it says would cost more than to write it.
    private static boolean isSame(List<Message> parts, List<Message> others) {
        boolean same = parts.size() == others.size();
        for (int k = 0; same && k < parts.size(); k++) {
            same = parts.get(k) == others.get(k);
        }
        return same;
    }

    private void feed(Event event) {
        for (Effect effect : machine.handle(event, now)) {
            perform(effect);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.OpenEpoch open -> {
                tag = open.tag();
                store.openEpoch(open.disk(), open.epoch(), open.tag());
            }
            case Effect.Ready open -> service.open(open.stream(), tag);
            case Effect.Stop stop -> throw new Stopped(stop.why());
            case Effect.WakeAt wake -> alarm = wake.now();
            case Effect.Warn warn -> log.accept(warn.why());
            case Effect.Send send -> say(send.links(), send.message());
            case Effect.Admit links -> {}
            case Effect.Hangup links -> {}
            case Effect.Reach links -> {}
            case Effect.Leave links -> {}
            case Effect.Append append -> store.append(append.run());
            case Effect.AppendOwn own ->
                store.append(RunCodec.encode(own.stream(), own.tag(), own.first(), own.clock(), own.drafts()));
            case Effect.SendRange send -> reader.read(send.range(), send.maxBytes(), chunk -> sendRange(send, chunk));
            case Effect.Trim trim -> store.trim(trim.committed(), trim.keepBytes(), trim.keepMillis());
            case Effect.RememberRegister remember -> store.rememberRegister(remember.register());
            case Effect.RememberMarks remember -> store.rememberMarks(remember.marks());
            case Effect.Acknowledge acknowledge -> service.acknowledged(acknowledge.ticket());
            case Effect.Refuse refuse -> service.refused(refuse.ticket(), refuse.why());
            case Effect.Grant nobodyAsked -> {}
            case Effect.Deliver deliver -> deliver(deliver.range());
            case Effect.Waive waive -> {
                store.waive(waive.range(), waive.tag());
                log.accept("nobody has " + waive.range() + " any more");
            }
        }
    }

    // --- effects that take more than a line

    private void say(List<Long> links, Message message) {
        links.forEach(
                link -> bundles.computeIfAbsent(link, silent -> new Bundle()).add(message));
    }

    private void sendRange(Effect.SendRange send, Reader.Chunk chunk) {
        Stream stream = send.range().stream();
        if (!chunk.runs().isEmpty()) {
            say(send.links(), new Message.Runs(chunk.runs()));
        }
        for (long link : send.links()) {
            posted.add(
                    chunk.runs().isEmpty()
                            ? unreadable(link, chunk.gap().orElseThrow())
                            : new Event.Sent(
                                    link, stream, chunk.runs().getLast().last()));
        }
    }

    private static Event unreadable(long link, Stream.Range gap) {
        return new Event.Unreadable(link, gap.stream(), gap.from(), gap.to());
    }

    private void deliver(Stream.Range range) {
        reader.read(range, Integer.MAX_VALUE, chunk -> {
            chunk.runs().forEach(service::delivered);
            chunk.rest().ifPresent(this::deliver);
        });
    }
}
