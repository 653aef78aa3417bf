package dev.rumor.maelstrom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Several nodes under one roof, in virtual time.
class PeersTest {

    @Test
    void nothingIsSaidToPeersForInitEchoAndIds() {
        Village five = Village.of(5).init();
        five.names().forEach(each -> {
            five.ask(each, "{'type':'echo','echo':1}");
            five.ask(each, "{'type':'generate'}");
            five.ask(each, "{'type':'topology','topology':{}}");
        });
        five.later(Duration.ofMinutes(1));
        assertThat(five.gossip()).isEmpty();
    }

    @Test
    void whatIsBroadcastReachesEveryoneAtOnceAsOneMessageEach() {
        Village five = Village.of(5).init();
        five.ask("n3", "{'type':'broadcast','message':17}");
        assertThat(five.gossip())
                .hasSize(4)
                .extracting(each -> each.get("src").asText())
                .containsOnly("n3");
        assertEverybodyReads(five, "[17]");
    }

    @Test
    void aMessageToSeveralIsTheSameForEach() {
        Village five = Village.of(5).init();
        five.ask("n3", "{'type':'broadcast','message':17}");
        assertThat(five.gossip())
                .extracting(each -> each.get("body"))
                .containsOnly(five.gossip().getFirst().get("body"));
    }

    @Test
    void aBundleBeginsWithTheStampAndSaysEachThingThatIsWholeOnce() {
        Village five = Village.of(5).init();
        IntStream.range(0, 20).forEach(k -> five.ask("n" + (1 + k % 5), "{'type':'broadcast','message':" + k + "}"));
        five.later(Duration.ofSeconds(20));
        assertThat(five.gossip()).isNotEmpty().allSatisfy(message -> {
            JsonNode parts = message.get("body").get("parts");
            assertThat(parts.get(0).has("stamp")).isTrue();
            assertThat(parts.findValues("stamp")).hasSize(1);
            assertThat(parts.findValues("confirmed")).hasSizeLessThan(2);
            assertThat(parts.findValuesAsText("whole").stream().filter("true"::equals))
                    .hasSizeLessThan(2);
        });
    }

    @Test
    void whatWasLostIsSentAgain() {
        Village three = Village.of(3).init();
        three.lose(message -> message.get("dest").asText().equals("n2"));
        IntStream.range(0, 5).forEach(k -> three.ask("n1", "{'type':'add','element':" + k + "}"));
        assertThat(three.ask("n2", "{'type':'read'}").get("code").asInt()).isEqualTo(11);
        three.lose(message -> false);
        three.later(Duration.ofSeconds(10));
        three.names()
                .forEach(each -> assertThat(three.ask(each, "{'type':'read'}").get("value"))
                        .as(each)
                        .hasSize(5));
    }

    @Test
    void aBudgetIsKeptAndSparesMessages() {
        Village five = Village.of(5, Duration.ofMillis(600)).init();
        for (int k = 0; k < 100; k++) {
            five.ask("n" + (1 + k % 5), "{'type':'broadcast','message':" + k + "}");
            five.later(Duration.ofMillis(20));
        }
        five.later(Duration.ofMillis(600));
        five.names()
                .forEach(each -> assertThat(five.ask(each, "{'type':'read'}").get("messages"))
                        .as(each)
                        .hasSize(100));
        assertThat(five.gossip()).as("4 each without a budget").hasSizeLessThan(150);
    }

    @Test
    void nonsenseOfAPeerIsLoggedAndNotAnswered() {
        Village two = Village.of(2).init();
        for (String body : new String[] {
            "{}",
            "{\"type\":\"gossip\"}",
            "{\"type\":\"gossip\",\"parts\":[7]}",
            "{\"type\":\"gossip\",\"parts\":[{\"nonsense\":{}}]}",
            "{\"type\":\"echo\",\"echo\":1,\"msg_id\":1}"
        }) {
            assertThat(two.tell("n1", Village.line("n2", "n1", body))).isNull();
        }
        assertThat(two.log()).hasSize(5);
        assertThat(two.gossip()).isEmpty();
    }

    private static void assertEverybodyReads(Village village, String messages) {
        village.names()
                .forEach(each -> assertThat(village.ask(each, "{'type':'read'}").get("messages"))
                        .as(each)
                        .hasToString(messages));
    }
}
