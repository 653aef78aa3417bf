package dev.rumor.simulator.disk;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;

/// What a store may be asked to keep.
sealed interface Write {

    record Open(DiskId disk, long epoch) implements Write {}

    record Keep(Run run) implements Write {}

    record Waive(Range range, int tag) implements Write {}

    record Trim(List<Run> gone) implements Write {}

    record Remember(Register register) implements Write {}

    record Retire(List<Frontier.Mark> marks) implements Write {}
}
