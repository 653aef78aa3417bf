package dev.rumor.maelstrom;

import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// From the core's words to a body that a person can read:
/// `{"type":"gossip","parts":[{"stamp":{…}},{"claims":{…}},{"runs":{…}}]}`.
///
/// Numbers that use all of 64 bits are in hexadecimal, as text: not everybody's JSON keeps them. Records are text
/// as well, because their checksums are over each byte of it.
final class GossipWriter {

    static final String TYPE = "gossip";

    private GossipWriter() {}

    /// @param parts each from [#part]
    static Json body(Stream<Json> parts) {
        return new Json.Raw(
                new Json.Fields().put("type", TYPE).put("parts", Json.of(parts)).write());
    }

    /// What is said, written out: for many bundles, once.
    static Json part(Message message) {
        return new Json.Raw(fields(message).write());
    }

    private static Json fields(Message message) {
        return switch (message) {
            case Message.Stamp said -> named("stamp", stamp(said));
            case Message.Confirmed said ->
                named(
                        "confirmed",
                        new Json.Fields()
                                .put("by", all(said.by(), GossipWriter::witness))
                                .put("held", all(said.held(), GossipWriter::claim)));
            case Message.Claims said ->
                named(
                        "claims",
                        new Json.Fields()
                                .put("held", all(said.claims(), GossipWriter::claim))
                                .put("marks", all(said.marks(), GossipWriter::mark))
                                .put("whole", Json.of(said.whole()))
                                .put("answer", Json.of(said.answer())));
            case Message.Round said ->
                named(
                        "round",
                        new Json.Fields().put("held", digest(said.held())).put("roster", digest(said.roster())));
            case Message.Agreement said -> named("agreement", new Json.Fields());
            case Message.Pull said ->
                named(
                        "pull",
                        new Json.Fields()
                                .put("wants", all(said.wants(), GossipWriter::range))
                                .put("hold", Json.of(said.hold())));
            case Message.Served said ->
                named(
                        "served",
                        new Json.Fields()
                                .put("gaps", all(said.gaps(), GossipWriter::range))
                                .put("done", Json.of(said.done())));
            case Message.Runs said -> named("runs", new Json.Fields().put("runs", all(said.runs(), GossipWriter::run)));
            case Message.Ping said -> named("ping", new Json.Fields());
            case Message.Pong said -> named("pong", new Json.Fields());
            case Message.NameQuery said -> throw ofLinks(said);
            case Message.NameReply said -> throw ofLinks(said);
            case Message.Hello said -> throw ofLinks(said);
            case Message.Refusal said -> throw ofLinks(said);
            case Message.Registers said -> throw ofLinks(said);
            case Message.Sections said -> throw ofLinks(said);
        };
    }

    private static IllegalArgumentException ofLinks(Message said) {
        return new IllegalArgumentException("there are no links to open here, and nobody to announce: " + said);
    }

    private static Json named(String name, Json.Fields said) {
        return new Json.Fields().put(name, said);
    }

    private static Json.Fields stamp(Message.Stamp said) {
        return new Json.Fields()
                .put("epoch", said.epoch())
                .put("tag", said.tag())
                .put("disk", said.disk().toString())
                .put("relay", said.relay())
                .put("window_nanos", said.windowNanos())
                .put("phase_nanos", said.phaseNanos())
                .put("sent_at", said.sentAt())
                .put("echoes", all(said.echoes(), GossipWriter::echo));
    }

    // What comes often is one text each, with few of JSON's words: a batch is made out in half the time.

    /// `n1 1159332281 276983058`: whom it answers, when that was sent, and for how long it was held.
    private static Json echo(Message.Echo echo) {
        return new Json.Text(echo.to() + " " + echo.sentAt() + " " + echo.heldNanos());
    }

    /// `n1 m4ks9f1q 7f…`: name, epoch and disk.
    private static Json witness(Message.Witness witness) {
        return new Json.Text(
                witness.name() + " " + Long.toString(witness.epoch(), Character.MAX_RADIX) + " " + witness.disk());
    }

    /// `n1/m4ks9f1q 1a2b3c4d 1 40 43 50`: stream, tag, and from where to where it is held. Every message carries many.
    private static Json claim(Frontier.Claim claim) {
        StringBuilder text =
                new StringBuilder().append(claim.stream()).append(' ').append(Integer.toHexString(claim.tag()));
        Intervals held = claim.held();
        for (int k = 0; k < held.size(); k++) {
            text.append(' ').append(held.from(k)).append(' ').append(held.to(k));
        }
        return new Json.Text(text.toString());
    }

    private static Json mark(Frontier.Mark mark) {
        return new Json.Fields()
                .put("origin", mark.origin())
                .put("epoch", mark.epoch())
                .put("digest", Long.toHexString(mark.digest()));
    }

    private static Json digest(Frontier.Digest digest) {
        return Json.of(
                Stream.of(digest.high(), digest.low()).map(Long::toHexString).map(Json.Text::new));
    }

    private static Json range(dev.rumor.core.stream.Stream.Range range) {
        return ofStream(range.stream()).put("from", range.from()).put("to", range.to());
    }

    /// `n1/m4ks9f1q 1a2b3c4d 40 1a229817e4c0000 42d5f3a6 355f3bd`: stream, tag, first sequence, clock, and the checksum
    /// of each record.
    private static Json run(Run run) {
        StringBuilder text = new StringBuilder()
                .append(run.stream())
                .append(' ')
                .append(Integer.toHexString(run.tag()))
                .append(' ')
                .append(run.first())
                .append(' ')
                .append(Long.toHexString(run.clock()));
        for (int k = 0; k < run.count(); k++) {
            text.append(' ').append(Integer.toHexString(run.checksum(k)));
        }
        return new Json.Fields()
                .put("run", text.toString())
                .put("records", Json.of(Operation.records(run).map(Json.Text::new)));
    }

    /// A stream as people see it: `n1/m4ks9f1q`.
    private static Json.Fields ofStream(dev.rumor.core.stream.Stream stream) {
        return new Json.Fields().put("stream", stream.toString());
    }

    private static <T> Json all(List<T> values, Function<T, Json> write) {
        return Json.of(values.stream().map(write));
    }
}
