package dev.rumor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7400", "n-1.example:1", "my_host:65535", "[::1]:7400", "[fe80::1%eth0]:7400"})
    void anAddressPrintsAsItWasWritten(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @Test
    void bracketsAreNotPartOfTheHost() {
        assertThat(Address.parse("[::1]:7400")).isEqualTo(new Address("::1", 7400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "n1", ":7400", "n1:", "n1:0", "n1:65536", "n1:x", "::1:7400", "[::1]", "a b:1", "n1:99999"})
    void whatIsNoAddressIsRefusedWithTheFormItShouldHave(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no address: give HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535");
    }
}
