package dev.rumor.trial;

import static org.awaitility.Awaitility.await;

import dev.rumor.Embedded;
import dev.rumor.Rumor;
import dev.rumor.acceptance.DaemonProcess;
import dev.rumor.core.Event;
import dev.rumor.host.Observer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// One node of three is stopped, one bit in a 4 KiB block of its log is flipped, and it is started: it must
/// notice, show nothing that is not right, and have everything again. Then the next block, each time on a copy of
/// the log as it was; and in the end all blocks at once.
@Command(name = "bit-flips", description = "Flip a bit in each 4 KiB block of a node's log, in turn.")
final class BitFlips implements Callable<Integer>, AutoCloseable {

    private static final int BLOCK = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String VICTIM = "n3";

    /// Files of a data directory that hold no records.
    private static final Set<String> OTHERS = Set.of("node", "lock");

    @Option(names = "--records", paramLabel = "N", description = "In the log (${DEFAULT-VALUE}).")
    private int records = 4_000;

    @Option(names = "--blocks", paramLabel = "N", description = "Of all, spread evenly (all).")
    private int most = Integer.MAX_VALUE;

    @Option(names = "--seed", paramLabel = "N", description = "Of which bit (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec;

    private final Ledger ledger = new Ledger();
    private final Map<String, Rumor> nodes = new HashMap<>();
    private final List<Integer> ports = DaemonProcess.freePorts(3);
    private final List<String> faults = new ArrayList<>();
    private Path directory;
    private int tried;

    /// @param records where in the file it holds bytes of records
    private record Block(Path file, int[] records) {
        @Override
        public String toString() {
            return file.getFileName() + " at " + records[0] / BLOCK * BLOCK;
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Scratch scratch = Scratch.of("bit-flips");
                this) {
            run(scratch.path());
        }
        out.printf("%d blocks flipped one by one, then all at once; %d faults%n", tried, faults.size());
        faults.forEach(out::println);
        return faults.isEmpty() ? 0 : 1;
    }

    /// @return what is wrong, in sentences
    List<String> run(Path place) throws IOException {
        directory = place;
        for (int k = 1; k <= 3; k++) {
            start("n" + k, Observer.NONE);
        }
        broadcast();
        nodes.values().forEach(this::awaitAll);
        nodes.remove(VICTIM).close();
        Path data = directory.resolve(VICTIM);
        Path whole = directory.resolve("whole");
        copy(data, whole);
        List<Block> blocks = blocks(data);
        Random dice = new Random(seed);
        int step = Math.ceilDiv(blocks.size(), most);
        for (int k = 0; k < blocks.size(); k += step, tried++) {
            flip(List.of(blocks.get(k)), dice);
            copy(whole, data);
        }
        flip(blocks, dice);
        checkAlone();
        return faults;
    }

    private void broadcast() {
        for (Rumor each : nodes.values()) {
            int client = ledger.voice();
            for (int k = 0; k < records / 3; k++) {
                int number = ledger.offer();
                ledger.acknowledged(
                        number,
                        each.broadcast("", Ledger.payload(client, number)).join());
            }
        }
    }

    /// Flips a bit in each of these blocks, and has the node find and mend it.
    private void flip(List<Block> blocks, Random dice) throws IOException {
        for (Block each : blocks) {
            flip(each, dice);
        }
        AtomicBoolean noticed = new AtomicBoolean();
        awaitAll(start(VICTIM, (event, effects) -> {
            if (event instanceof Event.Damaged
                    || event instanceof Event.Recovered found
                            && !found.damaged().isEmpty()) {
                noticed.set(true);
            }
        }));
        if (!noticed.get()) {
            faults.add("nobody noticed a bit flipped in " + blocks);
        }
        nodes.remove(VICTIM).close();
    }

    private static void flip(Block block, Random dice) throws IOException {
        try (FileChannel file = FileChannel.open(block.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = block.records[dice.nextInt(block.records.length)];
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(one.put(0, (byte) (one.get(0) ^ 1 << dice.nextInt(8))).rewind(), at);
        }
    }

    /// The nodes that have what they repaired from have gone: what it shows now is its own.
    private void checkAlone() throws IOException {
        nodes.values().forEach(Rumor::close);
        nodes.clear();
        faults.addAll(witness(start(VICTIM, Observer.NONE)).faults(ledger));
    }

    private Rumor start(String name, Observer observer) throws IOException {
        int number = Integer.parseInt(name.substring(1));
        String seeds = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        Rumor node = Embedded.start(
                Map.of(
                        "name",
                        name,
                        "listen",
                        "127.0.0.1:" + ports.get(number - 1),
                        "seeds",
                        seeds,
                        "gossip-interval",
                        "100ms",
                        "data-dir",
                        directory.resolve(name).toString()),
                observer);
        nodes.put(name, node);
        node.ready().join();
        return node;
    }

    /// Reads again and again until everything is there. What is wrong meanwhile stays wrong.
    private void awaitAll(Rumor node) {
        Witness witness = witness(node);
        await("all records at " + node.name()).atMost(PATIENCE).until(() -> {
            faults.addAll(witness.lies(ledger));
            return witness.faults(ledger).isEmpty();
        });
    }

    private static Witness witness(Rumor node) {
        return new Witness(node.name(), node.address().toString());
    }

    /// Those of the log that hold records.
    private static List<Block> blocks(Path data) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path file : files(data)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int start = 0; start < bytes.length; start += BLOCK) {
                int[] records = IntStream.range(Math.max(start, 1), Math.min(start + BLOCK, bytes.length - 1))
                        .filter(at -> isOfRecord(bytes, at))
                        .toArray();
                if (records.length > 0) {
                    blocks.add(new Block(file, records));
                }
            }
        }
        return blocks;
    }

    /// Payloads go through the alphabet, see [Ledger#payload], and nothing else in a log does.
    private static boolean isOfRecord(byte[] bytes, int at) {
        return follows(bytes[at - 1], bytes[at]) && follows(bytes[at], bytes[at + 1]);
    }

    private static boolean follows(byte letter, byte next) {
        return letter == 'z' && next == 'a' || 'a' <= letter && letter < 'z' && next == letter + 1;
    }

    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(each -> !OTHERS.contains(each.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path each : files(to)) {
            Files.delete(each);
        }
        for (Path each : files(from)) {
            Files.copy(each, to.resolve(each.getFileName()));
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(Rumor::close);
    }
}
