package dev.rumor.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.simulator.network.Cut;
import dev.rumor.simulator.network.Weather;
import dev.rumor.simulator.referee.Peace;
import dev.rumor.simulator.referee.Referee;
import dev.rumor.simulator.time.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Simulation formed(Setup setup) {
        Simulation simulation = new Simulation(setup);
        simulation.start();
        simulation.run(SECOND.multipliedBy(2));
        return simulation;
    }

    private static void assertAllHold(Simulation simulation, long records) {
        for (Host host : simulation.hosts()) {
            assertThat(host.view().records()).as(host.name()).isEqualTo(records);
            assertThat(host.view().blocker()).as(host.name()).isEmpty();
        }
    }

    @Test
    void a_formed_cluster_knows_itself_from_the_first_moment_and_tells_nobody_news() {
        Simulation simulation = new Simulation(Setup.of(5, 1));
        List<Message> registers = new ArrayList<>();
        simulation.observe(new Observer() {
            @Override
            public void handled(Host host, Event event, List<Effect> effects) {
                if (event instanceof Event.EpochOpened) {
                    assertThat(host.view().roster()).isEqualTo(5);
                    assertThat(host.view().members())
                            .allMatch(each -> each.register().isActive());
                }
                if (event instanceof Event.Heard heard && heard.message() instanceof Message.Registers told) {
                    registers.add(told);
                }
            }
        });
        simulation.start();
        simulation.run(SECOND.multipliedBy(5));
        assertThat(registers).hasSize(5 * 4);
        simulation.hosts().forEach(host -> assertThat(host.view().linked()).isEqualTo(4));
    }

    @Test
    void what_is_broadcast_anywhere_is_held_everywhere() {
        Simulation simulation = formed(Setup.of(5, 1));
        Load.apply(simulation, 10, 100, SECOND.multipliedBy(10));
        simulation.run(SECOND.multipliedBy(12));
        long records = simulation.host(0).view().records();
        assertThat(records).isBetween(60L, 150L);
        assertAllHold(simulation, records);
    }

    @Test
    void hosts_that_join_become_members() {
        Simulation simulation = new Simulation(Setup.of(4, 2).joining());
        simulation.start(SECOND);
        simulation.run(SECOND.multipliedBy(10));
        simulation.broadcast(simulation.host(3), 2, 50);
        simulation.run(SECOND);
        assertAllHold(simulation, 2);
        simulation
                .hosts()
                .forEach(host -> assertThat(host.view().members())
                        .hasSize(4)
                        .allMatch(each -> each.register().isActive()));
    }

    @Test
    void without_links_what_is_lost_and_doubled_arrives_all_the_same() {
        Weather weather = Weather.FAIR.withLoss(0.2).withDuplication(0.2);
        Simulation simulation = formed(Setup.of(5, 3).withoutLinks().with(weather));
        for (Host host : simulation.hosts()) {
            simulation.broadcast(host, 3, 50);
        }
        simulation.run(SECOND.multipliedBy(20));
        simulation.hosts().forEach(host -> assertThat(host.view().records()).isEqualTo(15));
    }

    @Test
    void a_cut_holds_up_what_is_said_and_after_it_nothing_is_missing() {
        for (Cut.Shape shape : Cut.Shape.values()) {
            Simulation simulation = formed(Setup.of(5, 4));
            simulation.cut(shape.among(5, new SplittableRandom(1)), shape.name());
            simulation.hosts().forEach(host -> simulation.broadcast(host, 1, 100));
            simulation.run(SECOND.dividedBy(10));
            assertThat(simulation.hosts().stream().map(host -> host.view().records()))
                    .as(shape.name())
                    .anyMatch(records -> records < 5);
            simulation.run(SECOND.multipliedBy(30));
            simulation.heal();
            simulation.run(SECOND.multipliedBy(20));
            assertAllHold(simulation, 5);
        }
    }

    @Test
    void a_process_that_was_killed_comes_back_with_its_disk() {
        Simulation simulation = formed(Setup.of(3, 5));
        Host one = simulation.host(0);
        simulation.broadcast(one, 1, 100);
        simulation.run(SECOND);
        simulation.kill(one);
        simulation.run(SECOND);
        assertThat(simulation.host(1).view().members())
                .filteredOn(each -> each.register().name().equals(one.name()))
                .singleElement()
                .satisfies(each -> assertThat(each.liveness()).isEqualTo(View.Liveness.SUSPECTED));
        simulation.start(one);
        simulation.run(SECOND.multipliedBy(5));
        assertAllHold(simulation, 1);
        assertThat(one.lives()).isEqualTo(2);
    }

    @Test
    void what_came_and_was_not_on_disk_yet_is_not_everywhere_and_gone_with_the_process() {
        Simulation simulation = new Simulation(Setup.of(3, 5));
        Referee referee = Referee.of(simulation);
        simulation.start();
        simulation.run(SECOND.multipliedBy(2));
        Host slow = simulation.host(2);
        slow.writing(Delay.constant(SECOND));
        simulation.broadcast(simulation.host(0), 1, 100);
        simulation.run(SECOND.dividedBy(10));
        assertThat(slow.view().records()).isEqualTo(1);
        assertThat(Peace.isEverywhere(simulation, referee)).isFalse();
        simulation.fillDisk(slow);
        simulation.kill(slow);
        assertThat(Peace.isEverywhere(simulation, referee)).isFalse();
        simulation.start(slow);
        assertThat(Peace.isEverywhere(simulation, referee)).isFalse();
        simulation.run(SECOND.multipliedBy(10));
        assertThat(Peace.isEverywhere(simulation, referee)).isTrue();
    }

    @Test
    void who_is_powered_off_is_noticed_by_its_silence() {
        Simulation simulation = formed(Setup.of(3, 6));
        simulation.powerOff(simulation.host(0));
        simulation.run(SECOND.multipliedBy(4));
        assertThat(simulation.host(1).wires()).hasSize(2);
        simulation.run(SECOND.multipliedBy(20));
        assertThat(simulation.host(1).wires()).hasSize(1);
    }

    @Test
    void who_pauses_hears_afterwards_what_it_missed() {
        Simulation simulation = formed(Setup.of(3, 7));
        simulation.pause(simulation.host(2), SECOND.multipliedBy(3));
        simulation.broadcast(simulation.host(0), 1, 100);
        simulation.run(SECOND);
        assertThat(simulation.host(2).view().records()).isZero();
        simulation.run(SECOND.multipliedBy(5));
        assertAllHold(simulation, 1);
    }

    @Test
    void a_slow_link_clogs_and_drains() {
        Simulation simulation = formed(Setup.of(2, 8).with(Weather.FAIR.withBandwidth(100_000)));
        List<Event> reported = new ArrayList<>();
        simulation.observe(new Observer() {
            @Override
            public void handled(Host host, Event event, List<Effect> effects) {
                if (event instanceof Event.Clogged || event instanceof Event.Drained) {
                    reported.add(event);
                }
            }
        });
        simulation.broadcast(simulation.host(0), 10, 100_000);
        simulation.run(SECOND.multipliedBy(5));
        assertThat(reported.getFirst()).isInstanceOf(Event.Clogged.class);
        simulation.run(SECOND.multipliedBy(15));
        assertThat(reported.getLast()).isInstanceOf(Event.Drained.class);
        assertAllHold(simulation, 10);
    }

    @Test
    void a_disk_that_is_full_stops_its_node_and_loses_nothing_that_was_acknowledged() {
        Simulation simulation = formed(Setup.of(2, 9).withDisk(Delay.constant(Duration.ofMillis(20))));
        Host one = simulation.host(0);
        List<String> ends = new ArrayList<>();
        List<Effect> answers = new ArrayList<>();
        simulation.observe(new Observer() {
            @Override
            public void ended(Host host, String why) {
                ends.add(why);
            }

            @Override
            public void handled(Host host, Event event, List<Effect> effects) {
                effects.stream()
                        .filter(each -> each instanceof Effect.Acknowledge)
                        .forEach(answers::add);
            }
        });
        simulation.broadcast(one, 1, 100);
        simulation.run(SECOND);
        simulation.broadcast(one, 1, 100);
        simulation.fillDisk(one);
        simulation.run(SECOND);
        assertThat(ends).containsExactly("the disk is full");
        simulation.start(one);
        simulation.run(SECOND.multipliedBy(5));
        assertThat(answers).hasSize(1);
        assertAllHold(simulation, 1);
    }

    @Test
    void the_same_setup_is_the_same_simulation() {
        assertThat(history(11)).isEqualTo(history(11)).isNotEqualTo(history(12));
    }

    private static List<String> history(long seed) {
        List<String> history = new ArrayList<>();
        Weather weather = new Weather(Weather.FAIR.distance(), 1 << 20, 0.05, Duration.ofMillis(200), 0, 1)
                .withDelay(Delay.exponential(Duration.ofMillis(1), Duration.ofMillis(20)));
        Simulation simulation = new Simulation(Setup.of(4, seed).with(weather));
        simulation.observe(new Observer() {
            @Override
            public void handled(Host host, Event event, List<Effect> effects) {
                history.add(simulation.now() + " " + host + " " + event + " " + effects);
            }
        });
        simulation.start();
        Load.apply(simulation, 20, 1_000, SECOND.multipliedBy(5));
        simulation.run(SECOND.multipliedBy(8));
        return history;
    }
}
