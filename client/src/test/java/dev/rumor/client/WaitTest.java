package dev.rumor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people write: for whom to wait, and which record they mean.
class WaitTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void itIsForNobodyElseForSoManyForAMajorityOrForAll() {
        assertThat(Wait.parse("local", SECOND)).isEqualTo(Wait.local());
        assertThat(Wait.parse("3", SECOND)).isEqualTo(Wait.members(3, SECOND));
        assertThat(Wait.parse("1024", SECOND)).isEqualTo(Wait.members(1024, SECOND));
        assertThat(Wait.parse("majority", SECOND)).isEqualTo(Wait.majority(SECOND));
        assertThat(Wait.parse("all", SECOND)).isEqualTo(Wait.all(SECOND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "ALL", "", "most", "1.5", "9999999999"})
    void anythingElseIsRefusedWithWhatThereIs(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wait.parse(text, SECOND))
                .withMessage("local, majority, all or a number of members, not '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1025", "999999999"})
    void moreMembersThanARosterHasAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wait.parse(text, SECOND))
                .withMessage("a wait is for 1 to 1024 members, not " + text);
    }

    @Test
    void itTakesBetweenAMillisecondAndADay() {
        assertThat(Wait.all(Duration.ofHours(24)).isLocal()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wait.all(Duration.ZERO))
                .withMessage("a wait is of 1 ms to 24 h, not PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> Wait.all(Duration.ofHours(25)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wait.members(0, SECOND))
                .withMessage("a wait is for 1 to 1024 members, not 0");
    }

    @Test
    void aRecordIdIsReadAsItWasPrinted() {
        RecordId id = new RecordId("web-1.a_B", 1_763_600_100_000L, Long.MAX_VALUE - 1);
        assertThat(RecordId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n1",
                "n1/rs",
                "n1/rs/",
                "n1/rs/1/2",
                "n1/RS/1",
                "n 1/rs/1",
                "n1/rs/-1",
                "n1/rs/0",
                "n1/0/1",
                "n1/rs/9223372036854775807",
                "n1/rs/9223372036854775808",
                "n1/zzzzzzzzzzzzz/1"
            })
    void whatIsNoRecordIdIsRefusedWithItsForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordId.parse(text))
                .withMessage("'" + text + "' is no record id: give it as it was printed, as web-1/m4ks9f1q/42");
    }
}
