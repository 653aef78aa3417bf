package dev.rumor.simulator.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.simulator.swarm.Swarm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each mistake is found by the seed that is known to find it, through which the law as it is comes. That the
/// swarm finds all of them within 1,000 seeds is shown by `daemon/simulator/src/test/swarm --planted`, which
/// tells the seeds.
class PlantedIT {

    private static final Path LAW = Path.of("../core/src/main/java");

    static List<Mistake> mistakes() {
        return Mistake.ALL;
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_found(Mistake mistake) throws IOException {
        assertThat(Swarm.verdict(mistake.seed())).as("the law as it is").isNull();
        assertThat(new Variant(mistake, LAW).verdict(mistake.seed()))
                .as(mistake.trap())
                .isNotNull();
    }
}
