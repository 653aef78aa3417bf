package dev.rumor.client;

import java.util.List;

/// Who durably holds a record.
///
/// @param committed whether every active member holds it, or did once; it stays so
/// @param holders the members that neither left nor were evicted, in order of names, whether they hold it or not
public record Receipts(boolean committed, List<Holder> holders) {}
