package dev.rumor.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A disk in memory that keeps what was not forced apart, so that a crash can lose it, tear it, or keep
/// what was written later and not what was written before; and that fails when it is told to. Any thread
/// may use it.
final class FaultyDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /// What a file was told since it was last forced: bytes written somewhere, or null for a new length.
    private record Write(long at, byte[] bytes) {}

    /// Bytes are never changed in their place, so both may be the same: a trial of many cuts fits half the heap.
    private static final class Inode {
        private byte[] seen = {};
        private byte[] forced = {};
        private final List<Write> unforced = new ArrayList<>();
    }

    private Map<String, Inode> seen = new TreeMap<>();
    private Map<String, Inode> forced = new TreeMap<>();
    private long room = Long.MAX_VALUE;
    private int writesLeft = Integer.MAX_VALUE;
    private int forcesLeft = Integer.MAX_VALUE;
    private boolean readOnly;
    private long unreadable = Long.MAX_VALUE;
    private int reads;

    // --- faults

    /// From here on there is room for so many more bytes.
    synchronized void roomFor(long bytes) {
        room = bytes;
    }

    /// After so many more writes, each fails.
    synchronized void failAfterWrites(int count) {
        writesLeft = count;
    }

    /// After so many more forces, each fails, and what was to be forced is lost.
    synchronized void failAfterForces(int count) {
        forcesLeft = count;
    }

    synchronized void makeReadOnly() {
        readOnly = true;
    }

    /// What lies in files from here on cannot be read.
    synchronized void refuseToReadFrom(long position) {
        unreadable = position;
    }

    synchronized void heal() {
        unreadable = Long.MAX_VALUE;
        room = Long.MAX_VALUE;
        writesLeft = Integer.MAX_VALUE;
        forcesLeft = Integer.MAX_VALUE;
        readOnly = false;
    }

    /// The power fails: of what was not forced, anything may have reached the disk, sector by sector.
    synchronized void crash(Random dice) {
        boolean names = dice.nextInt(4) == 0;
        Map<String, Inode> left = new TreeMap<>(names ? seen : forced);
        left.values().forEach(inode -> {
            int mode = dice.nextInt(4);
            for (Write write : inode.unforced) {
                if (mode == 1 || mode > 1 && dice.nextBoolean()) {
                    inode.forced = mode == 3 ? torn(inode.forced, write, dice) : applied(inode.forced, write);
                }
            }
            inode.unforced.clear();
            inode.seen = inode.forced;
        });
        seen = left;
        forced = new TreeMap<>(left);
    }

    private static byte[] torn(byte[] bytes, Write write, Random dice) {
        byte[] result = bytes;
        if (write.bytes == null) {
            return applied(bytes, write);
        }
        for (int k = 0; k < write.bytes.length; k += SECTOR_BYTES) {
            if (dice.nextBoolean()) {
                int end = Math.min(write.bytes.length, k + 1 + dice.nextInt(SECTOR_BYTES));
                result = applied(result, new Write(write.at + k, Arrays.copyOfRange(write.bytes, k, end)));
            }
        }
        return result;
    }

    private static byte[] applied(byte[] bytes, Write write) {
        if (write.bytes == null) {
            return Arrays.copyOf(bytes, (int) write.at);
        }
        byte[] result = Arrays.copyOf(bytes, Math.max(bytes.length, (int) write.at + write.bytes.length));
        System.arraycopy(write.bytes, 0, result, (int) write.at, write.bytes.length);
        return result;
    }

    /// Everything reaches the disk, as when only the process ends.
    synchronized void settle() {
        seen.values().forEach(inode -> {
            inode.forced = inode.seen;
            inode.unforced.clear();
        });
        forced = new TreeMap<>(seen);
    }

    // --- looking in

    synchronized byte[] bytes(String name) {
        return seen.get(name).seen.clone();
    }

    /// Puts bytes in the place of a file's.
    synchronized void replace(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.seen = bytes.clone();
        inode.forced = inode.seen;
        seen.put(name, inode);
        forced.put(name, inode);
    }

    synchronized void flip(String name, long bit) {
        Inode inode = seen.get(name);
        byte[] flipped = inode.seen.clone();
        flipped[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        inode.seen = flipped;
        inode.forced = flipped;
    }

    synchronized void lose(String name) {
        seen.remove(name);
        forced.remove(name);
    }

    synchronized FaultyDisk copy() {
        FaultyDisk copy = new FaultyDisk();
        seen.forEach((name, inode) -> copy.replace(name, inode.seen));
        return copy;
    }

    synchronized List<String> segments() {
        return seen.keySet().stream().filter(name -> Segment.number(name) > 0).toList();
    }

    /// How often something was read.
    synchronized int reads() {
        return reads;
    }

    // --- a disk

    @Override
    public synchronized List<String> names() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized File create(String name) throws IOException {
        mayWrite();
        if (seen.containsKey(name)) {
            throw new IOException("there is a file " + name);
        }
        Inode inode = new Inode();
        seen.put(name, inode);
        return new Opened(inode);
    }

    @Override
    public synchronized File open(String name) throws IOException {
        Inode inode = seen.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return new Opened(inode);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        mayWrite();
        seen.put(to, seen.remove(from));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        Inode inode = seen.remove(name);
        if (inode != null && room < Long.MAX_VALUE) {
            room += inode.seen.length;
        }
    }

    @Override
    public synchronized void force() throws Unforced {
        mayForce();
        forced = new TreeMap<>(seen);
    }

    @Override
    public synchronized boolean lacks(long bytes) {
        return room < bytes;
    }

    private void mayWrite() throws IOException {
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        if (writesLeft-- <= 0) {
            throw new IOException("Input/output error");
        }
    }

    private void mayForce() throws Unforced {
        if (forcesLeft-- <= 0) {
            throw new Unforced(new IOException("Input/output error"));
        }
    }

    private final class Opened implements File {
        private final Inode inode;

        Opened(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long size() {
            synchronized (FaultyDisk.this) {
                return inode.seen.length;
            }
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            synchronized (FaultyDisk.this) {
                if (at + into.remaining() > unreadable) {
                    throw new IOException("Input/output error");
                }
                reads++;
                int count = (int) Math.min(into.remaining(), inode.seen.length - at);
                into.put(inode.seen, (int) at, count);
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            synchronized (FaultyDisk.this) {
                mayWrite();
                byte[] bytes = new byte[(int) Math.min(from.remaining(), room)];
                from.get(bytes);
                Write write = new Write(at, bytes);
                inode.seen = applied(inode.seen, write);
                inode.unforced.add(write);
                room -= room < Long.MAX_VALUE ? bytes.length : 0;
                if (from.hasRemaining()) {
                    throw new IOException("No space left on device");
                }
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyDisk.this) {
                Write write = new Write(size, null);
                room += room < Long.MAX_VALUE ? inode.seen.length - size : 0;
                inode.seen = applied(inode.seen, write);
                inode.unforced.add(write);
            }
        }

        @Override
        public void force() throws Unforced {
            synchronized (FaultyDisk.this) {
                mayForce();
                inode.forced = inode.seen;
                inode.unforced.clear();
            }
        }

        @Override
        public void close() {}
    }
}
