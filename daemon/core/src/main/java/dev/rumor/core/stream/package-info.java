/// What the law speaks of: a [Stream] is what one origin broadcast in one epoch; a [Run] is a block of its
/// records; which of its sequences somebody holds are [Intervals]; and those of all streams are a [Frontier].
///
/// Values and sets, pure as the law itself, and known to every host.
package dev.rumor.core.stream;
