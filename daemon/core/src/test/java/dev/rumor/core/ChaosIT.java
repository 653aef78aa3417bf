package dev.rumor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.stream.Frontier;
import dev.rumor.core.stream.Run;
import dev.rumor.core.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// A mix of faults drawn from a seed, then peace; and then everybody holds the same, exactly once, in order.
/// `-Dtest.options=-Dchaos.seed=N` runs one, aloud; `chaos.first` and `chaos.seeds` say which.
class ChaosIT {

    private static final int FIRST = Integer.getInteger("chaos.first", 0);
    private static final int SEEDS = Integer.getInteger("chaos.seeds", 150);

    private SplittableRandom dice;
    private Stage stage;
    private boolean disksSurvive;
    private boolean departures;
    private boolean trims;

    @Test
    void after_any_mix_of_faults_all_nodes_become_level() {
        Integer only = Integer.getInteger("chaos.seed");
        int first = only == null ? FIRST : only;
        AssertionError failure = new AssertionError("of seeds from " + first);
        for (int seed = first; seed < (only == null ? FIRST + SEEDS : only + 1); seed++) {
            try {
                play(seed, only != null);
            } catch (AssertionError | RuntimeException e) {
                failure.addSuppressed(new AssertionError("seed " + seed + ": " + e.getMessage(), e));
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private void play(int seed, boolean aloud) {
        dice = new SplittableRandom(seed);
        stage = new Stage(seed);
        disksSurvive = dice.nextInt(3) > 0;
        departures = dice.nextInt(3) == 0;
        boolean eager = dice.nextInt(4) > 0;
        Duration budget = Duration.ofMillis(dice.nextInt(3) > 0 ? 0 : 10 + dice.nextInt(2_000));
        UnaryOperator<Settings> retention = retention();
        // Beyond a mesh nothing is committed, and full logs stay as they are.
        int mesh = trims || dice.nextInt(3) > 0 ? Settings.MAX_MESH : 1 + dice.nextInt(4);
        stage.configure = it -> retention.apply(
                it.withEagerPush(eager).withDeliveryBudget(budget).withMesh(mesh));
        stage.latencyNanos = (1 + dice.nextInt(40)) * Stage.MILLI;
        stage.tears = dice.nextBoolean();
        stage.diskDelay = delay();
        if (aloud) {
            stage.transcript = line -> {
                if (!line.isEmpty()) {
                    System.out.println(line);
                }
            };
        }
        int nodes = 2 + dice.nextInt(5);
        for (int k = 1; k <= nodes; k++) {
            stage.add("n" + k, k > 1);
        }
        for (int k = 1; k <= nodes; k++) {
            start("n" + k);
            stage.run(dice.nextInt(200));
        }
        stage.run(disksSurvive ? 5_000 : 0);
        for (int step = 0; step < 200; step++) {
            disturb();
            stage.run(dice.nextInt(100));
            stage.actors.values().forEach(this::checkCommitted);
        }
        for (int k = 0; departures && k < 3; k++) {
            // Who hears only now that it is evicted stops, and is started again.
            heal();
            stage.run(15_000);
        }
        heal();
        stage.run(mesh < nodes ? 200_000 : 60_000);
        check();
    }

    /// A disk takes always the same time, or sometimes long, or now and then a second or more.
    private LongSupplier delay() {
        long most = 1 + dice.nextLong(5 * Stage.MILLI);
        int kind = dice.nextInt(3);
        SplittableRandom disks = dice.split();
        return () -> kind == 0
                ? most
                : kind == 1 || disks.nextInt(50) > 0 ? disks.nextLong(10 * most) : disks.nextLong(2_000 * Stage.MILLI);
    }

    private UnaryOperator<Settings> retention() {
        trims = dice.nextInt(4) == 0;
        long soft = 50_000L << dice.nextInt(5);
        Duration age = Duration.ofSeconds(dice.nextInt(3));
        Settings.WhenFull full = dice.nextBoolean() ? Settings.WhenFull.TRIM : Settings.WhenFull.REFUSE;
        return it -> trims ? it.withLimits(1 << 20, soft, 2 * soft).withRetention(age, full) : it;
    }

    private void start(String name) {
        Stage.Actor actor = stage.actors.get(name);
        actor.delivered.clear();
        if (name.equals("n1")) {
            stage.start(name);
        } else {
            stage.start(name, "n1");
        }
    }

    private void disturb() {
        List<Stage.Actor> all = new ArrayList<>(stage.actors.values());
        Stage.Actor one = all.get(dice.nextInt(all.size()));
        List<Stage.Wire> open = new ArrayList<>(one.wires.values());
        switch (dice.nextInt(12)) {
            case 0 -> {
                if (one.up && dice.nextInt(3) == 0) {
                    stage.kill(one.name);
                }
            }
            case 1 -> {
                if (!one.up) {
                    if (!disksSurvive) {
                        one.disk = other(one.disk);
                    }
                    start(one.name);
                }
            }
            case 2 -> {
                if (!open.isEmpty()) {
                    stage.close(open.get(dice.nextInt(open.size())), 0);
                }
            }
            case 3 -> {
                if (!open.isEmpty()) {
                    Stage.Wire wire = open.get(dice.nextInt(open.size()));
                    wire.cut = true;
                    stage.close(wire, dice.nextLong(3_000 * Stage.MILLI));
                }
            }
            case 4 -> {
                if (!open.isEmpty()) {
                    one.feed(new Event.Clogged(open.get(dice.nextInt(open.size())).id));
                }
            }
            case 5 -> open.forEach(wire -> one.feed(new Event.Drained(wire.id)));
            case 6 -> decay(one);
            case 7 -> {
                if (departures && one.up) {
                    depart(one, all.get(dice.nextInt(all.size())));
                }
            }
            default -> {
                if (one.up) {
                    stage.broadcast(one.name, 1 + dice.nextInt(5), dice.nextInt(100_000));
                }
            }
        }
    }

    private void depart(Stage.Actor one, Stage.Actor other) {
        switch (dice.nextInt(6)) {
            case 0 -> stage.leave(one.name, dice.nextInt(2_000));
            case 1 -> stage.evict(one.name, other.name, dice.nextBoolean());
            default -> {}
        }
    }

    /// Some of what a disk holds changes. Where nothing is to be lost, it is something that another one holds, too.
    private void decay(Stage.Actor one) {
        List<Run> runs = one.disk.durable().runs;
        if (runs.isEmpty() || dice.nextBoolean()) {
            return;
        }
        Stream.Range range = runs.get(dice.nextInt(runs.size())).range();
        boolean elsewhere = stage.actors.values().stream()
                .filter(other -> other != one)
                .anyMatch(other -> other.disk.durable().readable(range.stream()).contains(range.from(), range.to()));
        if (elsewhere || !disksSurvive) {
            one.disk.rot(range);
        }
    }

    /// The same disk, an empty one, or an older copy; the store may know that it is one.
    private Disk other(Disk disk) {
        return switch (dice.nextInt(4)) {
            case 0 -> new Disk();
            case 1 -> disk.copy(dice.nextInt(disk.writes() + 1));
            case 2 -> disk.copy(dice.nextInt(disk.writes() + 1)).knownToBeOld();
            default -> disk;
        };
    }

    /// Whoever is down is started again: it was killed, or has left, or heard that it is evicted. As seeds are dialled
    /// for ever, those meet who evicted each other.
    private void heal() {
        for (Stage.Actor actor : stage.actors.values()) {
            if (!actor.up) {
                start(actor.name);
            }
            List.copyOf(actor.wires.values()).forEach(wire -> actor.feed(new Event.Drained(wire.id)));
        }
        if (departures) {
            stage.redial();
        }
    }

    /// Nothing is committed that an active member does not hold. (Where disks are lost, or members join in the middle,
    /// earlier commits stand, so this is asked only of clusters that formed before the faults began, and of members
    /// that did not leave it.)
    private void checkCommitted(Stage.Actor actor) {
        if (!disksSurvive || !actor.up || !actor.view().open()) {
            return;
        }
        View view = actor.view();
        for (View.Member member : view.members()) {
            Stage.Actor holder = stage.actors.get(member.register().name());
            boolean stayed = member.register().ended().isEmpty();
            if (!member.register().isActive() || !member.register().disk().equals(holder.disk.id) || !stayed) {
                continue;
            }
            for (Frontier.Claim claim : view.committed()) {
                assertThat(holder.disk.durable().held(claim.stream()).containsAll(claim.held()))
                        .as("%s has committed %s, which %s does not hold", actor.name, claim, holder.name)
                        .isTrue();
            }
        }
    }

    private void check() {
        NodeTest.assertLevel(stage);
        long records = -1;
        for (Stage.Actor actor : stage.actors.values()) {
            View view = actor.view();
            assertThat(actor.stopped).isNull();
            boolean mesh = stage.actors.size() <= view.settings().mesh();
            assertThat(view.isMesh()).as(actor.name).isEqualTo(mesh);
            int others = stage.actors.size() - 1;
            assertThat(actor.wires).as(actor.name + " links").hasSizeBetween(mesh ? others : 1, others);
            assertThat(view.members())
                    .as(actor.name)
                    .allMatch(each -> each.register().isActive());
            assertThat(view.blocker()).as(actor.name).isEmpty();
            assertThat(actor.disk.damaged()).as("damaged at " + actor.name).isEmpty();
            if (!trims && disksSurvive) {
                long known = view.records() + actor.disk.absent();
                assertThat(records == -1 || records == known).as("records").isTrue();
                records = known;
            }
            assertThat(view.durable())
                    .as("what nobody has any more is waived at " + actor.name)
                    .allMatch(claim -> claim.held().count() == claim.held().contiguous());
            assertThat(count(view.committed())).isEqualTo(count(mesh ? view.delivered() : view.committed()));
            checkOrder(actor);
            checkAcknowledged(actor);
        }
    }

    private static long count(List<Frontier.Claim> claims) {
        return claims.stream().mapToLong(claim -> claim.held().count()).sum();
    }

    private void checkOrder(Stage.Actor actor) {
        Map<Stream, Long> last = new HashMap<>();
        for (Stream.Range range : actor.delivered) {
            Long before = last.put(range.stream(), range.to());
            assertThat(before == null || range.from() == before + 1)
                    .as("%s of %s", range, actor.name)
                    .isTrue();
        }
    }

    /// What was acknowledged is everywhere. Only where members went for good, some may have given up on what they held
    /// damaged, before somebody returned who holds it.
    private void checkAcknowledged(Stage.Actor actor) {
        if (!disksSurvive || trims) {
            return;
        }
        for (Stage.Actor origin : stage.actors.values()) {
            for (Effect answer : origin.answers) {
                if (answer instanceof Effect.Acknowledge done) {
                    boolean anywhere = stage.actors.values().stream().anyMatch(each -> has(each, done));
                    assertThat(has(actor, done) || departures && anywhere)
                            .as("%s at %s", done, actor.name)
                            .isTrue();
                }
            }
        }
    }

    private static boolean has(Stage.Actor actor, Effect.Acknowledge done) {
        return actor.disk.thought(done.stream()).contains(done.first(), done.first() + done.count() - 1);
    }
}
