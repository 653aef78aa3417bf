package dev.rumor.maelstrom;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.RunCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From the body of a peer's message to the core's words, believing nothing: what comes out is within every bound that
/// the core relies on. See [GossipWriter].
final class GossipReader {

    private static final int HEX = 16;

    /// A text longer than this is of a stream with many holes, and will soon be another.
    private static final int LONGEST_KNOWN = 128;

    private static final int MOST_KNOWN = 4096;

    /// What members say of each other hardly changes from one message to the next: it is made out once, by its text.
    private final Map<String, Message.Witness> witnesses = new HashMap<>();

    private final Map<String, Frontier.Claim> claims = new HashMap<>();

    /// @return the parts in their order
    /// @throws Malformed if one of them is not what the protocol says; then none counts
    List<Message> parts(Json.Fields body) throws Malformed {
        try {
            return objects(body, "parts", this::part);
        } catch (IllegalArgumentException outOfBounds) {
            throw new Malformed(outOfBounds.getMessage());
        }
    }

    private Message part(Json.Fields part) throws Malformed {
        if (part.values().size() != 1) {
            throw new Malformed("a part says one thing, not " + part.values().keySet());
        }
        Map.Entry<String, Json> entry = part.values().entrySet().iterator().next();
        Json.Fields said = Json.fieldsOf("a part", entry.getValue());
        return switch (entry.getKey()) {
            case "stamp" -> stamp(said);
            case "confirmed" ->
                new Message.Confirmed(
                        all(said, "by", each -> known(witnesses, "a witness", each, GossipReader::witness)),
                        claims(said));
            case "claims" ->
                new Message.Claims(
                        claims(said),
                        objects(said, "marks", GossipReader::mark),
                        said.truth("whole"),
                        said.truth("answer"));
            case "round" -> new Message.Round(digest(said, "held"), digest(said, "roster"));
            case "agreement" -> new Message.Agreement();
            case "pull" -> new Message.Pull(objects(said, "wants", GossipReader::range), said.truth("hold"));
            case "served" -> new Message.Served(objects(said, "gaps", GossipReader::range), said.truth("done"));
            case "runs" -> new Message.Runs(objects(said, "runs", GossipReader::run));
            case "ping" -> new Message.Ping();
            case "pong" -> new Message.Pong();
            default -> throw new Malformed("no part is called '" + entry.getKey() + "'");
        };
    }

    private static Message stamp(Json.Fields said) throws Malformed {
        return new Message.Stamp(
                epoch(said),
                tag(said),
                disk(said.text("disk")),
                name(said, "relay"),
                natural(said, "window_nanos"),
                natural(said, "phase_nanos"),
                said.number("sent_at"),
                all(said, "echoes", GossipReader::echo));
    }

    private static Message.Echo echo(Json said) throws Malformed {
        String[] words = words(Json.textOf("an echo", said), 3, 3, "an echo is a name and two times");
        return new Message.Echo(
                name(words[0]), Long.parseLong(words[1]), natural("what is held", Long.parseLong(words[2])));
    }

    private List<Frontier.Claim> claims(Json.Fields said) throws Malformed {
        return all(said, "held", each -> known(claims, "a claim", each, GossipReader::claim));
    }

    private static <T> T known(Map<String, T> known, String what, Json said, Making<T> making) throws Malformed {
        String text = Json.textOf(what, said);
        T value = known.get(text);
        if (value == null) {
            value = making.of(text);
            if (known.size() == MOST_KNOWN) {
                known.clear();
            }
            if (text.length() <= LONGEST_KNOWN) {
                known.put(text, value);
            }
        }
        return value;
    }

    private static Message.Witness witness(String said) throws Malformed {
        String[] words = words(said, 3, 3, "a witness is a name, an epoch and a disk");
        Stream stream = new Stream(words[0], Long.parseLong(words[1], Character.MAX_RADIX));
        return new Message.Witness(stream.origin(), stream.epoch(), disk(words[2]));
    }

    private static Frontier.Claim claim(String said) throws Malformed {
        int most = Intervals.MAX_INTERVALS;
        String form = "a claim is a stream, a tag, and at most " + most + " intervals";
        String[] words = words(said, 2, 2 + 2 * most, form);
        long[] bounds = new long[words.length - 2];
        for (int k = 0; k < bounds.length; k++) {
            bounds[k] = Long.parseLong(words[k + 2]);
        }
        return new Frontier.Claim(
                stream(words[0]), Integer.parseUnsignedInt(words[1], HEX), Intervals.ofBounds(bounds));
    }

    private static Frontier.Mark mark(Json.Fields said) throws Malformed {
        return new Frontier.Mark(name(said, "origin"), epoch(said), hex(said.text("digest")));
    }

    private static Frontier.Digest digest(Json.Fields said, String name) throws Malformed {
        List<Json> halves = said.array(name);
        if (halves.size() != 2) {
            throw new Malformed("a digest has two halves");
        }
        return new Frontier.Digest(
                hex(Json.textOf("a digest", halves.getFirst())), hex(Json.textOf("a digest", halves.getLast())));
    }

    private static Stream.Range range(Json.Fields said) throws Malformed {
        return new Stream.Range(stream(said), said.number("from"), said.number("to"));
    }

    private static Run run(Json.Fields said) throws Malformed {
        List<Json> records = said.array("records");
        int count = 4 + records.size();
        String form = "a run is a stream, a tag, a sequence, a clock, and each record's checksum";
        String[] words = words(said.text("run"), count, count, form);
        int[] lengths = new int[records.size()];
        int[] checksums = new int[records.size()];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int k = 0; k < lengths.length; k++) {
            byte[] record = Json.textOf("a record", records.get(k)).getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(record);
            lengths[k] = record.length;
            checksums[k] = Integer.parseUnsignedInt(words[k + 4], HEX);
        }
        Run run = new Run(
                stream(words[0]),
                Integer.parseUnsignedInt(words[1], HEX),
                Long.parseLong(words[2]),
                hex(words[3]),
                lengths,
                checksums,
                bytes.toByteArray());
        if (!RunCodec.verify(run)) {
            throw new Malformed("a record of " + run + " fails its check (CRC32C)");
        }
        return run;
    }

    /// @param form what it should look like
    private static String[] words(String text, int least, int most, String form) throws Malformed {
        String[] words = text.split(" ", -1);
        if (words.length < least || words.length > most) {
            throw new Malformed(form);
        }
        return words;
    }

    private static Stream stream(Json.Fields said) throws Malformed {
        return stream(said.text("stream"));
    }

    private static Stream stream(String text) throws Malformed {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new Malformed("a stream is its origin and its epoch, not '" + text + "'");
        }
        return new Stream(
                text.substring(0, slash), Long.parseLong(text, slash + 1, text.length(), Character.MAX_RADIX));
    }

    private static String name(Json.Fields said, String field) throws Malformed {
        return name(said.text(field));
    }

    private static String name(String name) throws Malformed {
        if (!Stream.isName(name)) {
            throw new Malformed("a name is 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        return name;
    }

    private static long epoch(Json.Fields said) throws Malformed {
        long epoch = said.number("epoch");
        if (epoch < 1) {
            throw new Malformed("an epoch is 1 or more, not " + epoch);
        }
        return epoch;
    }

    private static long natural(Json.Fields said, String field) throws Malformed {
        return natural("'" + field + "'", said.number(field));
    }

    private static long natural(String what, long number) throws Malformed {
        if (number < 0) {
            throw new Malformed(what + " is 0 or more, not " + number);
        }
        return number;
    }

    private static int tag(Json.Fields said) throws Malformed {
        return (int) said.number("tag");
    }

    private static DiskId disk(String text) throws Malformed {
        if (text.length() != 2 * HEX) {
            throw new Malformed("a disk id is 32 hexadecimal digits");
        }
        return new DiskId(hex(text.substring(0, HEX)), hex(text.substring(HEX)));
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, HEX);
    }

    private interface Making<T> {
        T of(String text) throws Malformed;
    }

    private interface Reading<J extends Json, T> {
        T read(J said) throws Malformed;
    }

    private static <T> List<T> all(Json.Fields said, String field, Reading<Json, T> reading) throws Malformed {
        List<T> read = new ArrayList<>();
        for (Json each : said.array(field)) {
            read.add(reading.read(each));
        }
        return List.copyOf(read);
    }

    private static <T> List<T> objects(Json.Fields said, String field, Reading<Json.Fields, T> reading)
            throws Malformed {
        return all(said, field, each -> reading.read(Json.fieldsOf("each of '" + field + "'", each)));
    }
}
