package dev.rumor.storage;

import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// One thing that the next start must know and that is no run. A state block holds a number of them, each
/// after a byte that says which; no peer could give one of them again, so the block is written twice.
sealed interface Change {

    /// What follows in this block is all there is to know, whatever came before.
    record Everything() implements Change {}

    record Opened(DiskId disk, long epoch) implements Change {}

    /// These sequences count as held: as runs that can be read, as runs that are damaged, or in name only.
    record Held(Claim claim) implements Change {}

    /// These count as held, and there is nothing of them.
    record Absent(Claim claim) implements Change {}

    record Marked(Mark mark) implements Change {}

    record Registered(Register register) implements Change {}

    /// The process ended in good order.
    record Stopped() implements Change {}

    static byte[] encode(List<Change> changes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (Change change : changes) {
                write(change, out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static List<Change> decode(ByteBuffer head) {
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<Change> changes = new ArrayList<>();
        try {
            for (int kind = in.read(); kind >= 0; kind = in.read()) {
                changes.add(read(kind, in));
            }
        } catch (IOException truncated) {
            throw new UncheckedIOException(truncated);
        }
        return changes;
    }

    private static void write(Change change, DataOutputStream out) throws IOException {
        switch (change) {
            case Everything _ -> out.write(1);
            case Opened it -> {
                out.write(2);
                write(it.disk, out);
                out.writeLong(it.epoch);
            }
            case Held it -> {
                out.write(3);
                write(it.claim, out);
            }
            case Absent it -> {
                out.write(4);
                write(it.claim, out);
            }
            case Marked it -> {
                out.write(5);
                out.writeUTF(it.mark.origin());
                out.writeLong(it.mark.epoch());
                out.writeLong(it.mark.digest());
            }
            case Registered it -> {
                out.write(6);
                write(it.register, out);
            }
            case Stopped _ -> out.write(7);
        }
    }

    private static Change read(int kind, DataInputStream in) throws IOException {
        return switch (kind) {
            case 1 -> new Everything();
            case 2 -> new Opened(disk(in), in.readLong());
            case 3 -> new Held(claim(in));
            case 4 -> new Absent(claim(in));
            case 5 -> new Marked(new Mark(in.readUTF(), in.readLong(), in.readLong()));
            case 6 -> new Registered(register(in));
            case 7 -> new Stopped();
            default -> throw new IOException("state of an unknown kind, " + kind);
        };
    }

    private static void write(DiskId disk, DataOutputStream out) throws IOException {
        out.writeLong(disk.high());
        out.writeLong(disk.low());
    }

    private static DiskId disk(DataInputStream in) throws IOException {
        return new DiskId(in.readLong(), in.readLong());
    }

    private static void write(Claim claim, DataOutputStream out) throws IOException {
        out.writeUTF(claim.stream().origin());
        out.writeLong(claim.stream().epoch());
        out.writeInt(claim.tag());
        out.writeInt(claim.held().size());
        for (int k = 0; k < claim.held().size(); k++) {
            out.writeLong(claim.held().from(k));
            out.writeLong(claim.held().to(k));
        }
    }

    private static Claim claim(DataInputStream in) throws IOException {
        Stream stream = new Stream(in.readUTF(), in.readLong());
        int tag = in.readInt();
        long[] bounds = new long[2 * in.readInt()];
        for (int k = 0; k < bounds.length; k++) {
            bounds[k] = in.readLong();
        }
        return new Claim(stream, tag, Intervals.ofBounds(bounds));
    }

    private static void write(Register register, DataOutputStream out) throws IOException {
        out.writeUTF(register.name());
        out.writeLong(register.epoch());
        out.writeLong(register.version());
        out.writeUTF(register.state().name());
        write(register.disk(), out);
        out.writeInt(register.addresses().size());
        for (String address : register.addresses()) {
            out.writeUTF(address);
        }
        out.writeInt(register.protocolMin());
        out.writeInt(register.protocolMax());
        out.writeUTF(register.software());
        out.writeInt(register.ends().size());
        for (Register.End end : register.ends()) {
            out.writeLong(end.epoch());
            out.writeLong(end.last());
        }
        out.writeInt(register.ended().size());
        for (DiskId ended : register.ended()) {
            write(ended, out);
        }
    }

    private static Register register(DataInputStream in) throws IOException {
        return new Register(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                Register.State.valueOf(in.readUTF()),
                disk(in),
                list(in, each -> each.readUTF()),
                in.readInt(),
                in.readInt(),
                in.readUTF(),
                list(in, each -> new Register.End(each.readLong(), each.readLong())),
                list(in, Change::disk));
    }

    interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static <T> List<T> list(DataInputStream in, Reading<T> reading) throws IOException {
        int count = in.readInt();
        List<T> list = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            list.add(reading.from(in));
        }
        return list;
    }
}
