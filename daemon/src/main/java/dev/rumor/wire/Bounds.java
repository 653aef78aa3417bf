package dev.rumor.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// How often each field of a frame may stand in its message. Looked up in the bytes before anything is built
/// from them: an empty message is two bytes on the wire and fifty in memory, so counting afterwards would let
/// one frame of 9 MiB take hundreds.
final class Bounds {
    private static final int LONGEST_VARINT_BYTES = 10;

    private static final int UNLIMITED = 0;

    /// The limit of each field, by its index, of the types with something to count in them. What holds one of
    /// these in numbers is itself among them, so that nothing is overlooked by not looking into other types.
    private final Map<Descriptor, int[]> limits = new HashMap<>();

    /// @param envelope a message that says one thing: each of its fields may stand in it once
    Bounds(Descriptor envelope) {
        Arrays.fill(of(envelope), 1);
    }

    /// Lets field `number` of `type` stand `most` times in each message.
    Bounds and(Descriptor type, int number, int most) {
        of(type)[type.findFieldByNumber(number).getIndex()] = most;
        return this;
    }

    private int[] of(Descriptor type) {
        return limits.computeIfAbsent(type, each -> new int[each.getFields().size()]);
    }

    /// Reads one message of this type to its end.
    ///
    /// @throws IOException if the bytes are no message at all
    void check(CodedInputStream in, Descriptor type) throws IOException, Malformed {
        int[] limit = limits.get(type);
        int[] seen = new int[limit.length];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            int most = field == null ? UNLIMITED : limit[field.getIndex()];
            boolean block = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (most != UNLIMITED && ++seen[field.getIndex()] > most) {
                throw tooMany(field, most);
            } else if (most != UNLIMITED && block && field.isPackable()) {
                skipPacked(in, field, most);
            } else if (block && isCounted(field)) {
                int outer = in.pushLimit(in.readUInt32());
                check(in, field.getMessageType());
                in.popLimit(outer);
            } else if (!in.skipField(tag)) {
                throw new Malformed("a message ends a group that it did not begin");
            }
        }
    }

    /// How many numbers a block holds is known only after reading it; how many it could hold is enough here.
    private static void skipPacked(CodedInputStream in, FieldDescriptor field, int most) throws IOException, Malformed {
        int bytes = in.readUInt32();
        if (bytes > most * LONGEST_VARINT_BYTES) {
            throw tooMany(field, most);
        }
        in.skipRawBytes(bytes);
    }

    private static Malformed tooMany(FieldDescriptor field, int most) {
        return new Malformed(String.format(
                Locale.ROOT,
                "a %s has at most %,d %s",
                field.getContainingType().getName(),
                most,
                field.getName().replace('_', ' ')));
    }

    private boolean isCounted(FieldDescriptor field) {
        return field != null
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && limits.containsKey(field.getMessageType());
    }
}
