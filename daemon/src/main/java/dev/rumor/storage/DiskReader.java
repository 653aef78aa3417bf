package dev.rumor.storage;

import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/// Reads runs from segments, on a thread that may wait for a disk, and checks every byte of them.
///
/// Streams lie between one another, in runs that may be small. So it reads through a window, as far ahead
/// as the next few runs of the stream reach.
final class DiskReader {
    private static final int WINDOW_BYTES = 256 << 10;

    /// What a run is expected to take whose length is not known before it is read.
    private static final int RUN_BYTES = 4 << 10;

    /// @param runs from the start of what was wanted
    /// @param bad what right behind them fails its check, or lies in the same run and does
    /// @param segment where it lies
    /// @param at and at which position there
    record Fetched(List<Run> runs, Intervals bad, Segment segment, int at) {}

    private final Disk disk;

    DiskReader(Disk disk) {
        this.disk = disk;
    }

    /// @param places where the records are, without a hole
    /// @throws IOException if a file that is there cannot be opened
    Fetched read(Stream stream, List<Stretch> places, long maxBytes) throws IOException {
        Portion portion = new Portion(maxBytes);
        for (Stretch place : places) {
            try (Disk.File file = disk.open(place.segment().fileName())) {
                Window window = new Window(file);
                for (int k = 0; k < place.runs(); k++) {
                    Intervals wanted = Intervals.of(place.from(k), place.to(k));
                    RunLayout.Found found = find(window, stream, place, k);
                    Intervals bad = found == null ? wanted : found.bad().and(wanted);
                    long upTo = bad.isEmpty() ? place.to(k) : bad.from(0) - 1;
                    boolean more =
                            upTo < place.from(k) || portion.take(found.run().slice(place.from(k), upTo));
                    if (!more || !bad.isEmpty()) {
                        return new Fetched(portion.runs(), bad, place.segment(), place.at(k));
                    }
                }
            } catch (NoSuchFileException gone) {
                Intervals bad = Intervals.of(place.first(), place.last());
                return new Fetched(portion.runs(), bad, place.segment(), place.at(0));
            }
        }
        return new Fetched(portion.runs(), Intervals.NONE, null, 0);
    }

    /// The run that has the sequences of run `k` here; null if there is none.
    private static RunLayout.Found find(Window window, Stream stream, Stretch place, int k) {
        Block block = Block.at(window, place.segment().salt, place.at(k), ahead(place, k));
        if (block == null || block.kind() != Block.Kind.RUN || block.head() == null) {
            return null;
        }
        RunLayout.Found found = RunLayout.read(block);
        Run run = found.run();
        boolean fits = run.stream().equals(stream) && run.first() <= place.from(k) && run.last() >= place.to(k);
        return fits ? found : null;
    }

    private static int ahead(Stretch place, int k) {
        int last = k;
        while (last + 1 < place.runs() && place.at(last + 1) - place.at(k) < WINDOW_BYTES) {
            last++;
        }
        return place.at(last) - place.at(k) + RUN_BYTES;
    }
}
