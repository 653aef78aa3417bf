package dev.rumor.maelstrom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register.DiskId;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import dev.rumor.wire.Malformed;
import dev.rumor.wire.RunCodec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What peers say to each other, to text and back.
class GossipTest {

    private static final Stream STREAM = new Stream("n-1.x", 1_763_600_000_000L);
    private static final DiskId DISK = new DiskId(-1, 7);
    private static final Claim CLAIM = new Claim(STREAM, -5, Intervals.ofBounds(1, 40, 43, Long.MAX_VALUE - 1));
    private static final List<Message> SAID = List.of(
            new Message.Stamp(
                    9, -1, DISK, "n2", 380_000_000, 5, -7, List.of(new Message.Echo("n3", Long.MIN_VALUE, 8))),
            new Message.Claims(List.of(CLAIM), List.of(new Mark("n2", 3, -9)), true, false),
            new Message.Confirmed(List.of(new Message.Witness("n3", 4, DISK)), List.of(CLAIM)),
            new Message.Round(new Digest(Long.MIN_VALUE, -1), Digest.ZERO),
            new Message.Agreement(),
            new Message.Pull(List.of(new Stream.Range(STREAM, 41, 42)), true),
            new Message.Served(List.of(new Stream.Range(STREAM, 7, 7)), true),
            new Message.Runs(List.of(run(new Operation.Add(new Json.Text("\"é\ud83d\ude42\ud800\n"))))),
            new Message.Ping(),
            new Message.Pong());

    private static final List<Class<?>> OF_LINKS = List.of(
            Message.NameQuery.class,
            Message.NameReply.class,
            Message.Hello.class,
            Message.Refusal.class,
            Message.Registers.class,
            Message.Sections.class);

    private static Run run(Operation... operations) {
        List<byte[]> records =
                java.util.stream.Stream.of(operations).map(Operation::record).toList();
        return RunCodec.encode(STREAM, -5, 3, -1L << 50, List.of(new Run.Draft(records)));
    }

    @Test
    void everyMessageThereIsHasASampleUnlessItIsOfLinks() {
        List<Class<?>> all = new ArrayList<>(List.of(Message.class.getPermittedSubclasses()));
        all.removeAll(OF_LINKS);
        assertThat(SAID).extracting(said -> (Object) said.getClass()).containsExactlyInAnyOrder(all.toArray());
    }

    @Test
    void everythingThatIsSaidWithoutLinksComesBack() throws Malformed {
        assertThat(heard(body(SAID))).isEqualTo(SAID);
    }

    @Test
    void whatBelongsToLinksIsNotSaid() {
        assertThatThrownBy(() -> GossipWriter.part(new Message.Registers(List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsComeBackToTheLetter() throws Malformed {
        List<Operation> operations = List.of(
                new Operation.Broadcast(Json.read("{\"b\":1.10,\"a\":[1e400,-0,null,\"\\ud800\"]}")),
                new Operation.Add(Json.read("12345678901234567890123")),
                new Operation.Count(new BigInteger("-99999999999999999999")));
        Run run = run(operations.toArray(Operation[]::new));
        Message.Runs heard = (Message.Runs)
                heard(body(List.of(new Message.Runs(List.of(run))))).getFirst();
        assertThat(Operation.records(heard.runs().getFirst()))
                .containsExactlyElementsOf(Operation.records(run).toList());
        for (int k = 0; k < operations.size(); k++) {
            assertThat(Operation.of(Operation.records(run).toList().get(k))).isEqualTo(operations.get(k));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "epoch":9           | "epoch":0         | an epoch is 1 or more
            "epoch":9           | "epoch":"9"       | 'epoch' is an integer
            "epoch":9           | "epoch":99999999999999999999 | 'epoch' has 64 bits at most
            "relay":"n2"        | "relay":"n 2"     | a name is 1 to 64
            "window_nanos":380000000 | "window_nanos":-1 | 'window_nanos' is 0 or more
            `808 8"`            | `808 -8"`         | what is held is 0 or more
            `808 8"`            | `808"`            | an echo is a name and two times
            "whole":true        | "whole":1         | 'whole' is true or false
            ` 1 40 43 `         | ` 1 50 43 `       | not ascending
            ` 1 40 43 `         | ` 40 43 `         | not pairs
            "run":"n-1.x/       | "run":"n-1.x      | a stream is its origin and its epoch
            "from":41,"to":42   | "from":42,"to":41 | not a range
            ` fffffffb 3 `      | ` fffffffb 0 `    | a run of 1 records
            ` fffffffb 3 `      | ` fffffffb 4 `    | fails its check
            \\"add\\"           | \\"abb\\"         | fails its check
            ` fffffffb 3 `      | ` 3 `             | each record's checksum
            {"ping":{}}         | {"ping":{},"pong":{}} | a part says one thing
            {"ping":{}}         | {"pang":{}}       | no part is called 'pang'
            {"ping":{}}         | {"registers":{}}  | no part is called 'registers'
            "disk":"ff          | "disk":"f         | a disk id is 32
            "disk":"ff          | "disk":"xy        | For input string
            """)
    void whatIsNotAsItShouldBeIsRefused(String right, String wrong, String why) {
        String body = body(SAID);
        assertThat(body).contains(right);
        assertThatThrownBy(() -> heard(body.replace(right, wrong)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(why);
    }

    private static String body(List<Message> said) {
        return GossipWriter.body(said.stream().map(GossipWriter::part)).write();
    }

    private static List<Message> heard(String body) throws Malformed {
        return new GossipReader().parts(Json.fieldsOf("a body", Json.read(body)));
    }
}
