package dev.rumor.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// One frame between protobuf and bytes, the same for peers and clients.
final class Frame {
    /// Deeper than any message of ours, and shallow enough for any stack.
    private static final int MAX_DEPTH = 16;

    private Frame() {}

    /// The message behind its length, in one array.
    ///
    /// @throws IllegalArgumentException if it is larger than a frame may be; whoever puts it together sees to
    ///     that
    static byte[] of(MessageLite said) {
        int length = said.getSerializedSize();
        if (length > Framing.MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "a frame is at most " + Framing.MAX_FRAME_BYTES + " bytes, not " + length);
        }
        byte[] frame = new byte[Framing.LENGTH_BYTES + length];
        ByteBuffer.wrap(frame).putInt(length);
        write(said, frame, Framing.LENGTH_BYTES);
        return frame;
    }

    /// Fills the array with the message, from `offset` to its end.
    static void write(MessageLite said, byte[] into, int offset) {
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(into, offset, into.length - offset);
            said.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("an array does not fail", e);
        }
    }

    /// What the frame says. Its byte fields are views of the frame, valid while that is; fields not known are
    /// dropped.
    static <M extends Message> M parse(ByteBuffer frame, Parser<M> parser, Bounds bounds, Descriptor type)
            throws Malformed {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(frame);
        try {
            bounds.check(bytes.newCodedInput(), type);
            return parse(bytes, parser);
        } catch (IOException e) {
            throw new Malformed("a frame holds one " + type.getName() + ", and this one does not: " + e.getMessage());
        }
    }

    static <M extends Message> M parse(ByteString bytes, Parser<M> parser) throws InvalidProtocolBufferException {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        in.setRecursionLimit(MAX_DEPTH);
        M said = DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
        in.checkLastTagWas(0);
        return said;
    }
}
