package dev.rumor.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.rumor.core.Run;
import dev.rumor.core.Stream;
import dev.rumor.proto.client.v1.BroadcastRequest;
import dev.rumor.proto.client.v1.ClientRequest;
import dev.rumor.proto.client.v1.MembersRequest;
import dev.rumor.proto.client.v1.NewRecord;
import dev.rumor.proto.client.v1.ReadRequest;
import dev.rumor.proto.client.v1.StatusRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Forges what strangers might send: frames (without their length) of every kind with something wrong, some
/// with nothing wrong, some that are noise. The same seed forges the same frames.
public final class Forger {

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        7,
        63,
        64,
        65,
        127,
        128,
        1 << 16,
        Integer.MAX_VALUE,
        1L << 32,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        -1,
        Integer.MIN_VALUE,
        Long.MIN_VALUE
    };

    private static final List<String> TEXTS = List.of(
            "",
            "n1",
            "n2",
            "web-1",
            "db",
            "rumor",
            "ü",
            "a b",
            "\0",
            "10.0.0.1:7400",
            "[::1]:99999",
            "x".repeat(64),
            "x".repeat(65),
            "x".repeat(2000));

    private static final byte[] LENGTHS = {0, 1, 2, 0x7f, (byte) 0x80, (byte) 0xff};

    private static final int LONGEST_NOISE_BYTES = 64;

    /// One frame in so many repeats a part of itself often enough to come near the bounds.
    private static final int RARE = 5_000;

    /// Frames to go on from: valid ones at first, by and by altered ones in their place, none longer than this.
    private static final int POOL = 512;

    private static final int LONGEST_IN_POOL_BYTES = 1024;

    private final SplittableRandom dice;
    private final List<Message> valid;
    private final byte[][] pool = new byte[POOL][];

    private Forger(List<Message> valid, long seed) {
        this.valid = valid;
        this.dice = new SplittableRandom(seed);
        Arrays.setAll(pool, k -> valid.get(k % valid.size()).toByteArray());
    }

    /// What peers might send.
    public static Forger ofPeers(long seed) {
        return new Forger(
                List.copyOf(Sayings.ALL.stream().map(PeerWriter::frame).toList()), seed);
    }

    /// What clients might send.
    public static Forger ofClients(long seed) {
        NewRecord.Builder record = NewRecord.newBuilder().setTopic("news").setPayload(ByteString.copyFromUtf8("grüße"));
        ClientRequest.Builder request = ClientRequest.newBuilder().setId(7);
        return new Forger(
                List.of(
                        request.setBroadcast(BroadcastRequest.newBuilder()
                                        .addRecords(record)
                                        .addRecords(NewRecord.getDefaultInstance()))
                                .build(),
                        request.setRead(ReadRequest.newBuilder()
                                        .setTopic("news")
                                        .setLimit(3))
                                .build(),
                        request.setMembers(MembersRequest.getDefaultInstance()).build(),
                        request.setStatus(StatusRequest.getDefaultInstance()).build()),
                seed);
    }

    public byte[] next() {
        return switch (dice.nextInt(16)) {
            case 0, 1 -> noise();
            case 2 -> altered();
            case 3, 4 -> pooled();
            default -> {
                byte[] frame = pooled();
                for (int k = dice.nextInt(3); k >= 0; k--) {
                    frame = distorted(frame);
                }
                yield frame;
            }
        };
    }

    private byte[] pooled() {
        return pool[dice.nextInt(POOL)];
    }

    /// A run that passes its check, whatever its records hold.
    public Run run() {
        List<byte[]> records = IntStream.rangeClosed(0, dice.nextInt(4))
                .mapToObj(k -> record())
                .toList();
        Stream stream = new Stream(dice.nextBoolean() ? "web-1" : "db", 1 + (number() & Long.MAX_VALUE - 1));
        long first = 1 + Math.floorMod(number(), Long.MAX_VALUE - 8);
        return RunCodec.encode(stream, (int) number(), first, number(), List.of(new Run.Draft(records)));
    }

    private byte[] record() {
        byte[] record = RunCodec.record("news", noise());
        return switch (dice.nextInt(3)) {
            case 0 -> record;
            case 1 -> distorted(record);
            default -> noise();
        };
    }

    private byte[] noise() {
        byte[] bytes = new byte[dice.nextInt(LONGEST_NOISE_BYTES)];
        dice.nextBytes(bytes);
        return bytes;
    }

    // --- wrong by its fields: what parses, and means what it should not

    private byte[] altered() {
        Message.Builder said = any(valid).toBuilder();
        for (int k = dice.nextInt(3); k >= 0; k--) {
            alter(said);
        }
        byte[] frame = said.build().toByteArray();
        if (frame.length <= LONGEST_IN_POOL_BYTES) {
            pool[dice.nextInt(POOL)] = dice.nextInt(4) > 0 ? frame : any(valid).toByteArray();
        }
        return frame;
    }

    private void alter(Message.Builder said) {
        List<FieldDescriptor> fields = said.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return;
        }
        List<FieldDescriptor> set = List.copyOf(said.getAllFields().keySet());
        FieldDescriptor field = any(set.isEmpty() || dice.nextInt(4) == 0 ? fields : set);
        if (field.isRepeated()) {
            alterList(said, field);
        } else if (isMessage(field)) {
            alter(said.getFieldBuilder(field));
        } else {
            said.setField(field, value(field));
        }
    }

    private void alterList(Message.Builder said, FieldDescriptor field) {
        int count = said.getRepeatedFieldCount(field);
        int at = count == 0 ? 0 : dice.nextInt(count);
        switch (dice.nextInt(4)) {
            case 0 -> said.clearField(field);
            case 1 -> said.addRepeatedField(field, value(field));
            case 2 -> repeat(said, field, at, count);
            default -> {
                if (count > 0 && isMessage(field)) {
                    alter(said.getRepeatedFieldBuilder(field, at));
                } else if (count > 0) {
                    said.setRepeatedField(field, at, value(field));
                }
            }
        }
    }

    private void repeat(Message.Builder said, FieldDescriptor field, int at, int count) {
        for (int k = dice.nextInt(dice.nextInt(RARE) == 0 ? RARE : 3); k > 0 && count > 0; k--) {
            said.addRepeatedField(field, said.getRepeatedField(field, at));
        }
    }

    private Object value(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case BOOLEAN -> dice.nextBoolean();
            case STRING -> any(TEXTS);
            case BYTE_STRING -> ByteString.copyFrom(noise());
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(dice.nextInt(-1, 9));
            case MESSAGE -> DynamicMessage.getDefaultInstance(field.getMessageType());
            case FLOAT, DOUBLE -> throw new IllegalStateException("no frame holds a " + field.getJavaType());
        };
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    private long number() {
        return dice.nextInt(4) == 0 ? dice.nextLong() : NUMBERS[dice.nextInt(NUMBERS.length)];
    }

    // --- wrong by its bytes: what need not even parse

    private byte[] distorted(byte[] frame) {
        if (frame.length == 0) {
            return noise();
        }
        int at = dice.nextInt(frame.length);
        int to = dice.nextInt(at, frame.length) + 1;
        byte[] changed = frame.clone();
        switch (dice.nextInt(8)) {
            case 0 -> changed[at] ^= (byte) (1 << dice.nextInt(8));
            case 1 -> changed[at] = (byte) dice.nextInt();
            case 2 -> changed[lengthIn(frame, at)] = LENGTHS[dice.nextInt(LENGTHS.length)];
            case 3 -> changed = Arrays.copyOf(frame, at);
            case 4 -> changed = joined(frame, at, at, varint(number()), 1);
            case 5 -> changed = joined(frame, at, to, new byte[0], 1);
            case 6 -> {
                byte[] other = pooled();
                changed = joined(frame, at, frame.length, Arrays.copyOfRange(other, other.length / 2, other.length), 1);
            }
            default -> {
                int times = dice.nextInt(RARE) == 0 ? RARE : dice.nextInt(1, 4);
                changed = joined(frame, at, at, Arrays.copyOfRange(frame, at, to), times);
            }
        }
        return changed;
    }

    /// Where a length may stand: behind what looks like the tag of a field that has one, near `at`.
    private static int lengthIn(byte[] frame, int at) {
        for (int k = at; k + 1 < frame.length; k++) {
            if ((frame[k] & 7) == 2) {
                return k + 1;
            }
        }
        return at;
    }

    /// The frame with the bytes from `from` to `to` (itself not included) replaced by these, so many times.
    private static byte[] joined(byte[] frame, int from, int to, byte[] middle, int times) {
        ByteBuffer joined = ByteBuffer.allocate(from + middle.length * times + frame.length - to);
        joined.put(frame, 0, from);
        for (int k = 0; k < times; k++) {
            joined.put(middle);
        }
        return joined.put(frame, to, frame.length - to).array();
    }

    private static byte[] varint(long number) {
        byte[] bytes = new byte[10];
        int length = 0;
        long rest = number;
        do {
            bytes[length++] = (byte) (rest & 0x7f | (rest >>> 7 != 0 ? 0x80 : 0));
            rest >>>= 7;
        } while (rest != 0);
        return Arrays.copyOf(bytes, length);
    }

    private <T> T any(List<T> choices) {
        return choices.get(dice.nextInt(choices.size()));
    }
}
