package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.util.List;

/// Everything a node can ask of its host, in the imperative. A host performs effects in the order in which they come;
/// what it learns by doing so it reports as a later event.
public sealed interface Effect {

    // --- the process

    /// Make this epoch durable, then report [Event.EpochOpened].
    record OpenEpoch(DiskId disk, long epoch, int tag) implements Effect {}

    /// The node is open: it has its epoch, and broadcasts are accepted.
    record Ready(Stream stream) implements Effect {}

    /// Stop the process with an error: another live one has this name, or the store failed.
    record Stop(String why) implements Effect {}

    /// Ring once at or after `now` (in the time that `handle` is given), with [Event.Woke]. Replaces the alarm before.
    record WakeAt(long now) implements Effect {}

    /// Something a person should see; `why` is a sentence.
    record Warn(String why) implements Effect {}

    // --- links

    /// Say this on each of these links. Encoded once, whatever the number of links.
    record Send(List<Long> links, Message message) implements Effect {}

    /// The link now belongs to this member; from here on it is counted as its link.
    record Admit(long link, String name) implements Effect {}

    /// Close the link when what was sent on it before has left.
    ///
    /// @param to who was found at its other end, empty if nobody was: a dialler need not try that
    ///     address again while it has a link to that member, or when it is itself
    record Hangup(long link, String to, String why) implements Effect {}

    /// Keep a link to this member: dial these addresses, with back-off, for ever, while there is none.
    record Reach(String name, List<String> addresses) implements Effect {}

    /// Do not dial this member any more.
    record Leave(String name) implements Effect {}

    // --- the log

    /// Store these records and report [Event.Appended].
    record Append(Run run) implements Effect {}

    /// Encode these drafts as one run of the node's own stream, store it, and report [Event.Appended].
    ///
    /// @param clock hybrid clock of the first record, see [Run]
    record AppendOwn(Stream stream, int tag, long first, long clock, List<Run.Draft> drafts) implements Effect {}

    /// Send stored records on these links, as many from the start of the range as `maxBytes` allows and one at least,
    /// and report [Event.Sent] for each link; or [Event.Unreadable] where they are not to be had.
    record SendRange(List<Long> links, Range range, int maxBytes) implements Effect {}

    /// Let go of the oldest records until those that stay cost at most `keepBytes`, but of none that is not in
    /// `committed`, and report [Event.Trimmed], always: what was not asked for again was not answered yet. Of
    /// `committed` those that are older than `keepMillis` by their hybrid clock may go in any case, unless it is 0.
    ///
    /// @param committed what is committed and was delivered here; where the oldest are discarded for want of room,
    ///     all that was delivered
    record Trim(List<Claim> committed, long keepBytes, long keepMillis) implements Effect {}

    /// Keep this register for the next start.
    record RememberRegister(Register register) implements Effect {}

    /// Keep these marks for the next start.
    record RememberMarks(List<Mark> marks) implements Effect {}

    // --- clients

    /// The records of this request are durable: they are `first` to `first + count - 1` of `stream`.
    record Acknowledge(long ticket, Stream stream, long first, int count) implements Effect {}

    /// The request is refused; `why` is a sentence that names the limit. Nothing of it was kept or done.
    record Refuse(long ticket, String why) implements Effect {}

    /// The member has left, and the process may go; or the other member is evicted. See [Event.LeaveAsked] and
    /// [Event.EvictAsked]; what is not granted is refused.
    record Grant(long ticket) implements Effect {}

    /// These records may be shown to readers; within a stream, ranges come in order, without overlap or hole. What of
    /// them was waived is not to be had, and readers are told so in its place.
    record Deliver(Range range) implements Effect {}

    /// These records can no longer be had from anybody: remember it, and report [Event.Appended], because they count as
    /// held from then on. Readers learn of it by [Deliver], unless they are past it.
    record Waive(Range range, int tag) implements Effect {}
}
