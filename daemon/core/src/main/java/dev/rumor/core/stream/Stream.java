package dev.rumor.core.stream;

/// All records of one origin's epoch, numbered 1, 2, 3 and on without a hole.
///
/// @param origin the node that broadcast them, see [#isName]
/// @param epoch one start of that node's process, positive; grows with every start
public record Stream(String origin, long epoch) implements Comparable<Stream> {

    private static final int LONGEST_NAME = 64;

    public Stream {
        if (!isName(origin)) {
            throw new IllegalArgumentException("a name is 1 to 64 of A-Z a-z 0-9 . _ -, not '" + origin + "'");
        }
        if (epoch < 1) {
            throw new IllegalArgumentException("an epoch is at least 1, not " + epoch);
        }
    }

    /// Whether `text` may name a node: 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
    public static boolean isName(String text) {
        if (text == null || text.isEmpty() || text.length() > LONGEST_NAME) {
            return false;
        }
        for (int k = 0; k < text.length(); k++) {
            if (!isNamed(text.charAt(k))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamed(char c) {
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        return letter || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }

    /// The record id as people see it: `web-1/m4ks9f1q/42`, the epoch in base 36.
    public String id(long sequence) {
        return this + "/" + sequence;
    }

    // Equality is written out, here as in other values of the hot path: what a record brings along is linked when it is
    // first called, which costs a process that has just started several milliseconds.

    @Override
    public boolean equals(Object other) {
        return other instanceof Stream that && epoch == that.epoch && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
        return 31 * origin.hashCode() + Long.hashCode(epoch);
    }

    @Override
    public int compareTo(Stream other) {
        int byOrigin = origin.compareTo(other.origin);
        return byOrigin != 0 ? byOrigin : Long.compare(epoch, other.epoch);
    }

    @Override
    public String toString() {
        return origin + "/" + Long.toString(epoch, 36);
    }

    /// Consecutive sequences of one stream, both ends included; `1 <= from <= to < 2^63 - 1`.
    public record Range(Stream stream, long from, long to) {
        public Range {
            if (from < 1 || to < from || to == Long.MAX_VALUE) {
                throw new IllegalArgumentException("not a range: " + from + ".." + to);
            }
        }

        public long count() {
            return to - from + 1;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Range that && from == that.from && to == that.to && stream.equals(that.stream);
        }

        @Override
        public int hashCode() {
            return 31 * stream.hashCode() + Long.hashCode(31 * from + to);
        }

        @Override
        public String toString() {
            return stream + "/" + from + (to > from ? ".." + to : "");
        }
    }
}
