package dev.rumor.maelstrom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaelstromHostTest {

    private final Village alone = Village.of(1).init();

    @Test
    void initIsAnsweredAndNothingElse() {
        assertThat(Village.of(1).init("n1")).hasToString("{\"type\":\"init_ok\",\"in_reply_to\":1}");
    }

    @Test
    void anEchoIsWhatWasSaid() {
        for (String said : List.of("'hello'", "7", "null", "{'b':[1,2.50],'a':{}}", "'\\ud83d\\ude42 \\\\'")) {
            JsonNode answer = alone.ask("n1", "{'type':'echo','echo':" + said + "}");
            assertThat(answer.get("type").asText()).isEqualTo("echo_ok");
            assertThat(answer.get("echo")).hasToString(said.replace('\'', '"').replace("\\ud83d\\ude42", "🙂"));
            assertThat(answer).hasSize(3);
        }
    }

    @Test
    void idsAreUniqueAmongNodesAndStarts() {
        Set<String> ids = new HashSet<>();
        for (int start = 1; start <= 2; start++) {
            Village two = Village.started(2, start).init();
            for (int k = 0; k < 100; k++) {
                ids.add(id(two, "n1"));
                ids.add(id(two, "n2"));
            }
        }
        assertThat(ids).hasSize(400).allMatch(each -> each.matches("n[12]-[0-9a-z]+-[0-9a-f]+-[0-9]+"));
    }

    private static String id(Village village, String name) {
        JsonNode answer = village.ask(name, "{'type':'generate'}");
        assertThat(answer).hasSize(3);
        return answer.get("id").asText();
    }

    // --- broadcast

    @Test
    void theTopologyIsAcceptedAndAReadThenIsOfMessages() {
        assertThat(alone.ask("n1", "{'type':'topology','topology':{'n1':[]}}")).hasSize(2);
        assertThat(alone.ask("n1", "{'type':'read'}"))
                .hasToString("{\"type\":\"read_ok\",\"in_reply_to\":3,\"messages\":[]}");
    }

    @Test
    void whatIsBroadcastIsReadAtOnceAndOnlyOnce() {
        for (String value : List.of("1", "2", "1", "-9007199254740993", "123456789012345678901234567890")) {
            assertThat(alone.ask("n1", "{'type':'broadcast','message':" + value + "}"))
                    .hasSize(2)
                    .contains(new TextNode("broadcast_ok"));
        }
        assertThat(alone.ask("n1", "{'type':'read'}").get("messages"))
                .hasToString("[1,2,-9007199254740993,123456789012345678901234567890]");
    }

    @Test
    void anyValueIsAMessageAndEqualOnesAreOne() {
        for (String value : List.of("'é'", "'\\u00e9'", "null", "{'b':1,'a':[true]}", "{'a':[true],'b':1}", "1.10")) {
            alone.ask("n1", "{'type':'broadcast','message':" + value + "}");
        }
        assertThat(raw("n1", "{\"type\":\"read\",\"msg_id\":1}"))
                .contains("\"messages\":[\"é\",null,{\"a\":[true],\"b\":1},1.10]");
    }

    private String raw(String name, String body) {
        return alone.tell(name, Village.line("c1", name, body)).toString();
    }

    // --- sets and counters

    @Test
    void anElementMakesItASet() {
        alone.ask("n1", "{'type':'add','element':1}");
        alone.ask("n1", "{'type':'add','element':'1'}");
        alone.ask("n1", "{'type':'add','element':1}");
        assertThat(alone.ask("n1", "{'type':'read'}"))
                .hasToString("{\"type\":\"read_ok\",\"in_reply_to\":5,\"value\":[1,\"1\"]}");
    }

    @Test
    void aDeltaMakesItACounterThatIsExactBeyond64Bits() {
        for (String delta : List.of("9223372036854775807", "9223372036854775807", "-5", "0")) {
            assertThat(alone.ask("n1", "{'type':'add','delta':" + delta + "}")).hasSize(2);
        }
        assertThat(alone.ask("n1", "{'type':'read'}").get("value")).hasToString("18446744073709551609");
    }

    @Test
    void aGCounterRefusesToShrink() {
        Village counter = Village.of(1, Workload.G_COUNTER).init();
        assertThat(counter.ask("n1", "{'type':'add','delta':3}").get("type").asText())
                .isEqualTo("add_ok");
        assertRefused(counter.ask("n1", "{'type':'add','delta':-1}"), 12, "a g-counter only grows: -1 is negative");
        assertThat(counter.ask("n1", "{'type':'read'}").get("value")).hasToString("3");
    }

    @Test
    void aCounterThatIsKnownToBeOneIsReadBeforeAnythingWasAdded() {
        assertThat(Village.of(1, Workload.PN_COUNTER)
                        .init()
                        .ask("n1", "{'type':'read'}")
                        .get("value"))
                .hasToString("0");
    }

    // --- which workload it is

    @Test
    void beforeAnythingWasAskedAReadIsNotUnderstoodYet() {
        assertRefused(alone.ask("n1", "{'type':'read'}"), 11, "nothing was written yet");
    }

    @Test
    void whatPeersWereAskedTellsAsWell() {
        Village two = Village.of(2).init();
        two.ask("n1", "{'type':'add','element':5}");
        two.later(Duration.ofSeconds(3));
        assertThat(two.ask("n2", "{'type':'read'}").get("value")).hasToString("[5]");
    }

    @Test
    void whatWasAskedForTwoWorkloadsIsNotGuessed() {
        alone.ask("n1", "{'type':'add','element':5}");
        alone.ask("n1", "{'type':'broadcast','message':5}");
        assertRefused(alone.ask("n1", "{'type':'read'}"), 11, "broadcast and g-set were written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'broadcast','message':1}", "{'type':'add','delta':1}"})
    void aWorkloadThatIsGivenRefusesTheOthers(String other) {
        assertRefused(Village.of(1, Workload.G_SET).init().ask("n1", other), 10, "this node was started for g-set");
    }

    @Test
    void thereIsNothingToReadInAnEcho() {
        assertRefused(Village.of(1, Workload.ECHO).init().ask("n1", "{'type':'read'}"), 10, "nothing to read in echo");
    }

    // --- what is wrong

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'echo'}",
                "{'type':'topology'}",
                "{'type':'broadcast'}",
                "{'type':'add'}",
                "{'type':'add','element':1,'delta':1}",
                "{'type':'add','delta':1.0}",
                "{'type':'add','delta':'1'}",
                "{'type':'add','delta':null}",
                "{'type':7}",
                "{}"
            })
    void aMalformedBodyIsError12(String body) {
        assertRefused(alone.ask("n1", body), 12, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "write", "send", "txn", "error", "init_ok", "gossip"})
    void whatIsNotKnownIsError10(String type) {
        assertRefused(alone.ask("n1", "{'type':'" + type + "'}"), 10, "'" + type + "' is not supported");
    }

    @Test
    void aRequestBeforeInitIsError11AndAnotherInitAnError() {
        Village fresh = Village.of(1);
        assertRefused(fresh.ask("n1", "{'type':'echo','echo':1}"), 11, "by 'init'");
        fresh.init();
        assertRefused(fresh.init("n1"), 22, "this node is n1 already");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'init'}",
                "{'type':'init','node_id':1,'node_ids':['n1']}",
                "{'type':'init','node_id':'n1','node_ids':'n1'}",
                "{'type':'init','node_id':'n1','node_ids':[1]}",
                "{'type':'init','node_id':'n1','node_ids':['n2']}",
                "{'type':'init','node_id':'n 1','node_ids':['n 1']}"
            })
    void aMalformedInitIsError12AndLeavesRoomForAnother(String init) {
        Village fresh = Village.of(1);
        assertRefused(fresh.ask("n1", init), 12, "");
        assertThat(fresh.init("n1").get("type").asText()).isEqualTo("init_ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{\"src\":\"c1\"",
                "{\"src\":\"c1\",\"dest\":\"n1\"}",
                "{\"src\":1,\"dest\":\"n1\",\"body\":{\"type\":\"echo\",\"echo\":1}}",
                "{\"dest\":\"n1\",\"body\":{\"type\":\"echo\",\"echo\":1}}",
                "{\"src\":\"c1\",\"dest\":\"n1\",\"body\":7}",
                "{\"src\":\"c1\",\"dest\":\"n1\",\"body\":{\"type\":\"echo\",\"echo\":1}} {}",
                "{\"src\":\"c1\",\"dest\":\"n1\",\"body\":{\"type\":\"error\",\"in_reply_to\":1,\"code\":0}}"
            })
    void aLineThatNobodyCanBeAnsweredForIsLoggedAndPassedOver(String line) {
        assertThat(alone.tell("n1", line)).isNull();
        assertThat(alone.log()).hasSize(1);
        assertThat(alone.ask("n1", "{'type':'echo','echo':1}")).isNotNull();
    }

    @Test
    void nestingWithoutEndIsPassedOver() {
        assertThat(alone.tell("n1", "[".repeat(1_000_000))).isNull();
        assertThat(alone.log()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'one'", "1.5", "true", "null"})
    void aNumberThatIsNoneIsError12WithoutIt(String number) {
        JsonNode answer = alone.tell(
                "n1",
                Village.line("c1", "n1", "{'type':'echo','echo':1,'msg_id':" + number + "}")
                        .replace('\'', '"'));
        assertThat(answer.get("code").asInt()).isEqualTo(12);
        assertThat(answer.has("in_reply_to")).isFalse();
    }

    @Test
    void anOperationThatIsTooLargeIsError12() {
        String large = "'" + "x".repeat(1 << 20) + "'";
        assertRefused(alone.ask("n1", "{'type':'broadcast','message':" + large + "}"), 12, "at most 1048576 bytes");
    }

    @Test
    void aRequestWithoutANumberIsAnsweredWithoutOne() {
        assertThat(raw("n1", "{\"type\":\"echo\",\"echo\":1}")).isEqualTo("{\"type\":\"echo_ok\",\"echo\":1}");
    }

    private static void assertRefused(JsonNode answer, int code, String why) {
        assertThat(answer.get("type").asText()).isEqualTo("error");
        assertThat(answer.get("code").asInt()).isEqualTo(code);
        assertThat(answer.get("text").asText()).contains(why);
    }
}
