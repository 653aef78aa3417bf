package dev.rumor.simulator.referee;

import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.simulator.disk.Disk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was ever durably held under each disk id: by the disk that has it, by those that had it before they were
/// lost or replaced, and by those that have taken another since.
final class Custody {

    /// The disks that have had the id, and what those held that have given it up.
    private static final class Account {
        private final List<Disk> disks = new ArrayList<>(1);
        private final Map<Stream, Intervals> former = new HashMap<>();
    }

    private final Map<DiskId, Account> accounts = new HashMap<>();

    /// A process begins on this disk.
    void open(Disk disk) {
        bear(disk, disk.id());
        disk.whenRenamed((before, after) -> {
            Account former = accounts.get(before);
            if (former != null && former.disks.remove(disk)) {
                disk.streams().forEach(stream -> former.former.merge(stream, disk.held(stream), Intervals::plus));
            }
            bear(disk, after);
        });
    }

    private void bear(Disk disk, DiskId id) {
        if (!id.equals(DiskId.NONE)) {
            List<Disk> disks = accounts.computeIfAbsent(id, any -> new Account()).disks;
            if (!disks.contains(disk)) {
                disks.add(disk);
            }
        }
    }

    /// Whether all of this was held under this id, now or once.
    boolean held(DiskId id, Stream stream, Intervals what) {
        Account account = accounts.get(id);
        if (account == null) {
            return what.isEmpty();
        }
        for (Disk disk : account.disks) {
            if (disk.held(stream).containsAll(what)) {
                return true;
            }
        }
        Intervals rest = what.minus(account.former.getOrDefault(stream, Intervals.NONE));
        for (Disk disk : account.disks) {
            rest = rest.minus(disk.held(stream));
        }
        return rest.isEmpty();
    }
}
