/// Where runs are kept: what the core asks of storage by effects, behind [Store]. Knows the core and
/// nothing else; records are opaque here.
///
/// [MemoryStore] forgets when the process ends. [DurableStore] keeps a log in a [DataDirectory]. The theory
/// of it:
///
/// **A log of blocks.** Segments are files, blocks lie in them one after the other, and every block names
/// itself: by a magic that is mixed from its segment's secret salt and its own position, and by ordinals.
/// So a scan finds the next block after any damage, no payload can pass for one, and a hole shows how much
/// is missing.
///
/// **One group, one force.** The loop hands over entries and goes on. The [Writer]'s thread takes all that
/// waits, writes it as one group, forces it once, and hands it back as one task; only then is anything
/// acknowledged or claimed. Whatever comes meanwhile is the next group, so that the slower the disk, the
/// larger the groups. The first error is the last: nothing is attempted again.
///
/// **Damage is known, not guessed.** What should be there is said twice: by the runs themselves, and by the
/// head of their group; and every segment begins with the sum of all before it, the [State]. Damaged is
/// what should be there, less what is absent on purpose, less what was found. A group names the offset up
/// to which all was forced before it: what fails below was whole once, what fails at the end was never
/// acknowledged and is cut. If it cannot be told what was held, the disk gives up its id and claims nothing
/// by it.
///
/// **Retention is deleting files.** Because each segment begins with all that the older ones said, any of
/// them can go: the oldest first, and none that holds a run that is not committed.
///
/// **Who owns what.** What is where ([Shelf], [Segment]'s counts) and the cache belong to the loop, the
/// [Tail] and the state to the writing thread, and a read that misses the cache takes a copy of the places
/// it needs to the reading thread. There is no lock.
package dev.rumor.storage;
