package dev.rumor.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrontierTest {

    private static final int SEEDS = 2_000;

    private static Claim claim(String origin, long epoch, long from, long to) {
        return new Claim(new Stream(origin, epoch), 7, Intervals.of(from, to));
    }

    /// Pieces of a few streams: small enough that different seeds often end in the same content.
    private static List<Object> draw(SplittableRandom dice) {
        List<Object> pieces = new ArrayList<>();
        for (int k = 1 + dice.nextInt(8); k > 0; k--) {
            String origin = dice.nextBoolean() ? "a" : "b";
            long epoch = 1 + dice.nextInt(2);
            long from = 1 + dice.nextInt(4);
            pieces.add(
                    dice.nextInt(6) == 0
                            ? new Mark(origin, epoch, 0)
                            : claim(origin, epoch, from, from + dice.nextInt(3)));
        }
        return pieces;
    }

    private static Frontier add(List<Object> pieces) {
        Frontier frontier = new Frontier();
        for (Object piece : pieces) {
            if (piece instanceof Claim claim) {
                frontier.add(claim);
            }
        }
        for (Object piece : pieces) {
            if (piece instanceof Mark mark) {
                frontier.retire(mark.origin(), mark.epoch());
            }
        }
        return frontier;
    }

    @Test
    void what_was_retired_takes_no_place_when_it_is_recovered_or_copied() {
        Frontier before = new Frontier();
        for (int epoch = 1; epoch <= 2 * Frontier.MAX_STREAMS; epoch++) {
            before.add(claim("a", epoch, 1, 3));
            before.retire("a", epoch + 1);
        }
        before.add(claim("b", 1, 1, 2));
        Frontier after = new Frontier();
        after.recover(before.all(), before.marks());
        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(after.marks()).isEqualTo(before.marks());
        assertThat(after.claims()).containsExactly(claim("b", 1, 1, 2));
        assertThat(after.places()).isEqualTo(Frontier.MAX_STREAMS - 1);
        assertThat(after.copy().covers(before)).isTrue();
        assertThat(after.and(before).covers(before)).isTrue();
    }

    @Test
    void the_digest_is_the_same_in_whatever_order_the_content_came() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Object> pieces = draw(new SplittableRandom(seed));
            List<Object> shuffled = new ArrayList<>(pieces);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(add(shuffled).digest())
                    .as("seed %s: %s", seed, pieces)
                    .isEqualTo(add(pieces).digest());
        }
    }

    @Test
    void two_digests_are_equal_exactly_when_what_they_stand_for_is() {
        Map<List<Object>, Digest> digests = new HashMap<>();
        Map<Digest, List<Object>> contents = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Frontier frontier = add(draw(new SplittableRandom(seed)));
            List<Object> content = List.of(frontier.claims(), frontier.marks());
            Digest before = digests.put(content, frontier.digest());
            List<Object> other = contents.put(frontier.digest(), content);
            assertThat(before).as("digest of %s", content).isIn(null, frontier.digest());
            assertThat(other).as("content of %s", frontier.digest()).isIn(null, content);
        }
        assertThat(contents).hasSizeBetween(100, SEEDS - 1);
    }

    @Test
    void the_tag_is_part_of_the_digest() {
        Frontier one = new Frontier();
        Frontier two = new Frontier();
        one.add(new Claim(new Stream("a", 1), 1, Intervals.of(1, 3)));
        two.add(new Claim(new Stream("a", 1), 2, Intervals.of(1, 3)));
        assertThat(one.digest()).isNotEqualTo(two.digest());
    }

    @Test
    void an_empty_frontier_has_the_digest_zero() {
        assertThat(new Frontier().digest()).isEqualTo(Digest.ZERO);
    }

    @Test
    void what_is_known_already_is_no_news_and_the_first_tag_stays() {
        Frontier frontier = new Frontier();
        assertThat(frontier.add(claim("a", 1, 1, 5))).isTrue();
        assertThat(frontier.add(claim("a", 1, 2, 4))).isFalse();
        assertThat(frontier.add(new Claim(new Stream("a", 1), 8, Intervals.of(6, 6))))
                .isTrue();
        assertThat(frontier.claim(new Stream("a", 1))).isEqualTo(claim("a", 1, 1, 6));
    }

    @Test
    void a_retired_epoch_leaves_the_list_and_is_remembered_aside_and_by_the_digest_of_the_mark() {
        Frontier frontier = new Frontier();
        frontier.add(claim("a", 1, 1, 5));
        frontier.add(claim("a", 2, 1, 3));
        frontier.add(claim("a", 3, 1, 2));
        frontier.add(claim("b", 1, 1, 1));
        assertThat(frontier.retire("a", 3)).isTrue();

        assertThat(frontier.claims()).containsExactly(claim("a", 3, 1, 2), claim("b", 1, 1, 1));
        assertThat(frontier.claims("a")).containsExactly(claim("a", 3, 1, 2));
        assertThat(frontier.all()).hasSize(4);
        assertThat(frontier.held(new Stream("a", 1))).isEqualTo(Intervals.of(1, 5));
        assertThat(frontier.isRetired(new Stream("a", 2))).isTrue();
        assertThat(frontier.isRetired(new Stream("a", 3))).isFalse();
        assertThat(frontier.isRetired(new Stream("b", 1))).isFalse();
        assertThat(frontier.mark("a")).isEqualTo(3);

        Frontier ignorant = new Frontier();
        ignorant.add(claim("a", 3, 1, 2));
        ignorant.add(claim("b", 1, 1, 1));
        ignorant.retire("a", 3);
        assertThat(ignorant.digest()).as("one mark, for different epochs").isNotEqualTo(frontier.digest());
        ignorant.add(claim("a", 1, 1, 5));
        ignorant.add(claim("a", 2, 1, 3));
        ignorant.retire("a", 3);
        assertThat(ignorant.digest()).isEqualTo(frontier.digest());
    }

    @Test
    void a_peer_whose_mark_is_lower_is_sent_the_entries_from_its_mark_on() {
        Frontier frontier = new Frontier();
        frontier.add(claim("a", 1, 1, 5));
        frontier.add(claim("a", 2, 1, 3));
        frontier.add(claim("b", 1, 1, 3));
        frontier.retire("a", 9);
        frontier.retire("b", 9);
        assertThat(frontier.retired("a", 0, 9)).containsExactly(claim("a", 1, 1, 5), claim("a", 2, 1, 3));
        assertThat(frontier.retired("a", 2, 9)).containsExactly(claim("a", 2, 1, 3));
        assertThat(frontier.retired("a", 9, 9)).isEmpty();
        assertThat(frontier.retired("c", 0, 9)).isEmpty();
    }

    @Test
    void a_lower_mark_of_a_peer_stands_for_the_same_or_not() {
        Frontier frontier = new Frontier();
        Frontier peer = new Frontier();
        Frontier ignorant = new Frontier();
        List.of(frontier, peer).forEach(each -> each.add(claim("a", 1, 1, 5)));
        ignorant.add(claim("a", 1, 1, 4));
        frontier.add(claim("a", 2, 1, 3));
        frontier.retire("a", 9);
        peer.retire("a", 2);
        ignorant.retire("a", 2);
        assertThat(frontier.standsFor(peer.marks().getFirst())).isTrue();
        assertThat(frontier.standsFor(ignorant.marks().getFirst())).isFalse();
        assertThat(peer.standsFor(frontier.marks().getFirst()))
                .as("a higher one")
                .isFalse();
    }

    @Test
    void a_sequence_beyond_the_end_reopens_a_retired_epoch() {
        Frontier frontier = new Frontier();
        frontier.add(claim("a", 1, 1, 5));
        frontier.retire("a", 2);
        assertThat(frontier.add(claim("a", 1, 1, 5))).isFalse();
        assertThat(frontier.isRetired(new Stream("a", 1))).isTrue();

        Digest before = frontier.digest();
        assertThat(frontier.add(claim("a", 1, 6, 6))).isTrue();
        assertThat(frontier.isRetired(new Stream("a", 1))).isFalse();
        assertThat(frontier.claims()).containsExactly(claim("a", 1, 1, 6));
        assertThat(frontier.retired("a", 0, 9)).isEmpty();
        assertThat(frontier.digest()).isNotEqualTo(before);
    }

    @Test
    void a_lower_mark_changes_nothing() {
        Frontier frontier = new Frontier();
        frontier.add(claim("a", 1, 1, 5));
        frontier.retire("a", 5);
        Digest before = frontier.digest();
        assertThat(frontier.retire("a", 4)).isFalse();
        assertThat(frontier.retire("a", 5)).isFalse();
        assertThat(frontier.retire("b", 0)).isFalse();
        assertThat(frontier.digest()).isEqualTo(before);
        assertThat(frontier.mark("a")).isEqualTo(5);
    }
}
