package dev.rumor.client;

/// The name of one record, printed `web-1/m4ks9f1q/42`.
///
/// @param origin the node where it was broadcast
/// @param epoch the start of that node's process, 1 or more; printed in base 36
/// @param sequence its number in that epoch, 1 or more
public record RecordId(String origin, long epoch, long sequence) {
    @Override
    public String toString() {
        return origin + "/" + Long.toString(epoch, Character.MAX_RADIX) + "/" + sequence;
    }
}
