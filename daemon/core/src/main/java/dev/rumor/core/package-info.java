/// The law: the whole protocol as a machine without a world.
///
/// # The four laws
///
/// 1. All that happens arrives as an [Event]; all that is wanted leaves as an [Effect]. `Node.handle(event, now)` is
///    the only way through.
/// 2. Time is the `now` it is given, and never goes back; dice are the ones it was given.
/// 3. `handle` does not wait and does not log. It throws only if the node itself is broken, never for anything that a
///    peer or a client can send.
/// 4. Same settings, seed and events: same effects, in the same order, on any JVM.
///
/// So one `Node` runs under TCP, in the simulator and on stdio, and what a test saw is what production does.
///
/// # The theory
///
/// A [Stream] is what one origin broadcast in one epoch, one start of its process: records 1, 2, 3 and on. An epoch is
/// never opened twice ([Identity]), so a record id (origin, epoch, sequence) means one record for ever, whatever
/// happens to disks and clocks. Hence what a node holds is a set of intervals per stream, its [Frontier], and that one
/// structure is the dedup cache, the acknowledgement, the digest, the list of what is missing and the cursor of a
/// reader. There is no cache of seen ids that could expire, and no queue of payloads for a peer that could overflow:
/// *the log is the queue*, and a peer is a cursor into it.
///
/// Records spread twice. **Eagerly**: as soon as a record is durable at home, its origin sends it to every member it
/// is linked to; one hop, one copy each ([Spread]). And **by repair**: every gossip interval a few random peers
/// compare digests ([Rounds]), and whoever finds something missing pulls it ([Repair]). The first makes it fast, the
/// second makes it certain, alone if it must.
///
/// All this is a mesh, up to 64 members. In a larger cluster ([Overlay]) each keeps eight links, sends on what it
/// receives for the first time, and compares digests with members that it dials for that. Nobody learns what all
/// hold, so nothing is committed.
///
/// Where a record may take its time (the delivery budget), records are collected through a [Relay], with one batch to
/// everybody per window. Where the host has no links, there are standing ones on which anything may be lost; what each
/// node holds goes along with all that it says ([Bulletin]), and is compared in rounds only where it is not known.
///
/// Everybody tells everybody what it durably holds. What every active member of the [Roster] holds is *committed*
/// ([Receipts]): it may be trimmed, and a former epoch that is committed to its end is *retired* to a single mark,
/// so that restarts cost nothing in the long run. A member that is away blocks commits until it returns, or an
/// operator has it go for good ([Departure]): that ends a (name, disk id). A failure detector never decides about
/// data.
///
/// # The parts
///
/// ```
///                        Event ──▶ Node ──▶ Effect
///                                   │
///   Identity   Links     Roster     │     Receipts    Bulletin   who holds what, and saying so
///   who am I   who is    who is     │     Spread      Push       from a client to the members,
///   epoch      linked    member     │     Relay                  perhaps by way of another
///                                   │     Rounds      Repair     compare digests, pull what is missing
///                                   │
///   Overlay  Departure             Log     what do I hold
///   links    who goes for good
/// ```
///
/// # What is said
///
/// ```
/// before a link:   NameQuery ▶ ◀ NameReply      Hello ▶ ◀ Hello | Refusal
/// a new link:      Registers, Claims (whole)    in both directions
/// news:            Runs ▶ … ◀ Claims            a receipt for all that arrived since the last
/// going for good:  Registers ▶ ◀ Registers               and the link is closed
/// a round:         Round ▶ ◀ Agreement | Registers, Claims (whole) ▶ ◀ Claims (whole)
///   in an overlay: Round ▶ ◀ Agreement | Sections ▶ ◀ Claims, Registers, Sections ▶ ◀ Claims, Registers
/// repair:          Pull ▶ ◀ Runs … Served
/// collecting:      Stamp, Runs, Claims ▶ relay ▶ Stamp, Runs, Claims, Confirmed     to everybody, once per window
/// is it alive:     Ping ▶ ◀ Pong
/// ```
///
/// # What is deliberately absent
///
/// Payload bytes: they pass by in [Run] and are looked at by nobody here. Timers: there is one alarm, the earliest of
/// what the parts wait for. Acknowledgements per record. Failure detection that changes anything but where to dial.
/// Total order and consensus. A disk: storing is an effect, and what became durable is an event, in memory as on disk.
///
/// To read on: [Event], [Effect], [Message], [Node], then the parts in the order above.
package dev.rumor.core;
