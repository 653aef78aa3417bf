package dev.rumor.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The short run; `daemon/src/test/trial power-loss` is the long one.
class PowerLossIT {

    @Test
    void whatWasAcknowledgedIsEverywhereOnceHoweverOftenThePowerIsCut() throws IOException {
        PowerLoss loss = CommandLine.populateCommand(new PowerLoss(), "--cycles", "20");
        assertThat(loss.run()).isEmpty();
        assertThat(loss.acknowledged()).isGreaterThan(100);
    }
}
