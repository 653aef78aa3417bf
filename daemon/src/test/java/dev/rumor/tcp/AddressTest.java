package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

    private final Address listen = new Address("h", 80);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Address already in use          | the port is in use
            Cannot assign requested address | this machine has no such address
            Permission denied               | this user may not take the port; those below 1024 are privileged
            Out of luck                     | Out of luck
            """)
    void whyAPortCannotBeTakenIsSaidInWords(String system, String words) {
        assertThat(listen.taken(new BindException(system))).hasMessage("cannot listen on h:80: " + words);
        // The same, as it comes through epoll.
        assertThat(listen.taken(new BindException("bind(..) failed with error(-1): " + system)))
                .hasMessageEndingWith(words);
    }

    @Test
    void whatTheSystemSaidOfAConnectionIsToldWithoutTheCall() {
        String refused = "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:9999";
        assertThat(Address.plain(new IOException(refused))).isEqualTo("Connection refused");
        String named = "finishConnect(..) failed with error(-111): Connection refused: n1/127.0.0.1:9999";
        assertThat(Address.plain(new IOException(named))).isEqualTo("Connection refused");
        String reset = "recvAddress(..) failed with error(-104): Connection reset by peer";
        assertThat(Address.plain(new IOException(reset))).isEqualTo("Connection reset by peer");
        assertThat(Address.plain(new ClosedChannelException())).isEqualTo("the connection was closed");
    }
}
