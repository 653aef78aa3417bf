package dev.rumor.workbench.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.workbench.Agenda;
import dev.rumor.workbench.Result;
import dev.rumor.workbench.Settings;
import dev.rumor.workbench.Workbench;
import dev.rumor.workbench.Workload;
import dev.rumor.workbench.nodes.Faulty.Fault;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a node does wrong makes its run invalid, and is named.
class FaultsTest {

    @ParameterizedTest
    @EnumSource(Workload.class)
    void who_does_nothing_wrong_is_valid(Workload workload) {
        Result result = run(workload, Flooding::new);
        assertThat(result.faults()).isEmpty();
        assertThat(result.availability()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FORGETS_A_VALUE                    | BROADCAST  | lost: 0
            FORGETS_A_VALUE                    | G_SET      | lost: 0
            SHOWS_A_VALUE_TWICE                | BROADCAST  | times a read showed a value twice
            SHOWS_WHAT_NOBODY_WROTE            | G_SET      | read, though nobody wrote it: -1
            MISCOUNTS                          | G_COUNTER  | read at last, while right would be
            MISCOUNTS                          | PN_COUNTER | read at last, while right would be
            ECHOES_SOMETHING_ELSE              | ECHO       | echoed otherwise than asked: "echo"
            REPEATS_AN_ID                      | UNIQUE_IDS | ids given twice: "n", "n"
            PRINTS_GARBAGE                     | BROADCAST  | not JSON
            PRINTS_AN_EMPTY_LINE               | BROADCAST  | not a JSON object
            ADDS_A_KEY_TO_THE_ENVELOPE         | BROADCAST  | the key 'time' beside src, dest and body
            SPEAKS_TO_NOBODY                   | BROADCAST  | nobody is called 'n99'
            COPIES_THE_REQUEST_INTO_THE_REPLY  | BROADCAST  | its key 'message' is one too many
            LEAVES_OUT_IN_REPLY_TO             | BROADCAST  | only
            ANSWERS_LATE                       | BROADCAST  | nobody is called 'c
            REFUSES                            | G_SET      | only
            SPEAKS_BEFORE_THE_OTHERS_ARE_THERE | BROADCAST  | nobody is called 'n1'
            DIES                               | ECHO       | exited with status 0
            """)
    void a_fault_is_found_and_named(Fault fault, Workload workload, String found) {
        Result result = run(workload, each -> new Faulty(each, fault));
        assertThat(result.isValid()).isFalse();
        assertThat(result.faults()).anySatisfy(each -> assertThat(each).contains(found));
    }

    /// From the line that Maelstrom could not take on, its clients get no answer.
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"PRINTS_GARBAGE", "SPEAKS_TO_NOBODY", "ANSWERS_LATE"})
    void a_node_that_says_what_cannot_be_sent_is_mute_from_then_on(Fault fault) {
        Result result = run(Workload.BROADCAST, each -> new Faulty(each, fault));
        assertThat(result.operations().stream().filter(each -> each.isOk()).count())
                .isLessThan(30);
    }

    private static Result run(Workload workload, Function<Workload, Flooding> node) {
        String words = "--nodes 5 --rate 20 --availability 1 --workload "
                + workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return Workbench.run(Settings.of(words), 1, Agenda.virtual(), name -> node.apply(workload));
    }
}
