package dev.rumor.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What a segment consists of, and how the parts are told from anything else:
///
/// ```
///  0  8  magic: the segment's salt and this position, mixed, so that no payload and no misplaced block passes for it
///  8  1  kind
///  9  3  ordinal within its group
/// 12  4  ordinal within the segment
/// 16  4  length of the head
/// 20  4  length of the body
/// 24  4  CRC32C of the head
/// 28  4  CRC32C of the 28 bytes before
/// 32     head, body, and zeros until the length is a multiple of 8
/// ```
///
/// A body has its checks in its head, so that a part of it may be bad and the rest not.
///
/// @param group ordinal of the first block of its group
/// @param head null if it fails its check
record Block(Kind kind, int group, int ordinal, long position, int size, ByteBuffer head, ByteBuffer body) {

    enum Kind {
        /// Comes first of what is written and forced at once, and says what will follow.
        GROUP,
        /// A run of records.
        RUN,
        /// Something else that the next start must know.
        STATE
    }

    static final int HEADER_BYTES = 32;
    private static final int ALIGNMENT = 8;
    private static final int AHEAD_BYTES = 1 << 20;

    /// The whole of a block, with padding.
    static long size(long head, long body) {
        return HEADER_BYTES + head + body + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /// Writes the header of this block.
    void putHeader(ByteBuffer into, long salt) {
        int start = into.position();
        into.putLong(magic(salt, position));
        into.putInt(kind.ordinal() << 24 | ordinal - group).putInt(ordinal);
        into.putInt(head.remaining()).putInt(body.remaining()).putInt(crc(head));
        into.putInt(crc(into.slice(start, HEADER_BYTES - Integer.BYTES)));
    }

    /// The block that starts at this position, null if none does.
    static Block at(Window window, long salt, long position, int ahead) {
        if (position + HEADER_BYTES > window.size()) {
            return null;
        }
        ByteBuffer header = window.at(position, HEADER_BYTES, ahead);
        int checked = HEADER_BYTES - Integer.BYTES;
        if (header.getLong(0) != magic(salt, position) || header.getInt(checked) != crc(header.slice(0, checked))) {
            return null;
        }
        Kind kind = Kind.values()[header.get(8)];
        int ordinal = header.getInt(12);
        int group = ordinal - (header.getInt(8) & 0xffffff);
        int headBytes = header.getInt(16);
        int bodyBytes = header.getInt(20);
        int headCrc = header.getInt(24);
        long size = size(headBytes, bodyBytes);
        if (position + size > window.size()) {
            return null;
        }
        ByteBuffer whole = window.at(position, (int) size, ahead);
        ByteBuffer head = whole.slice(HEADER_BYTES, headBytes);
        ByteBuffer body = whole.slice(HEADER_BYTES + headBytes, bodyBytes);
        return new Block(kind, group, ordinal, position, (int) size, crc(head) == headCrc ? head : null, body);
    }

    /// The first block that starts at this position or after it, null if none does.
    static Block from(Window window, long salt, long position) {
        for (long at = position; at + HEADER_BYTES <= window.size(); at += ALIGNMENT) {
            Block block = at(window, salt, at, AHEAD_BYTES);
            if (block != null) {
                return block;
            }
        }
        return null;
    }

    long end() {
        return position + size;
    }

    static int crc(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.duplicate());
        return (int) sum.getValue();
    }

    private static long magic(long salt, long position) {
        long a = (salt + position ^ salt >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }
}
