package dev.rumor.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.core.stream.Cursor.Epoch;
import dev.rumor.core.stream.Cursor.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorTest {

    private static final Stream OLD = new Stream("n1", 10);
    private static final Stream NEW = new Stream("n1", 20);
    private static final Stream OTHER = new Stream("n2", 5);

    @Test
    void nothingIsReadAtTheOrigin() {
        assertThat(Cursor.ORIGIN.upTo(OLD)).isZero();
    }

    @Test
    void eachStreamIsReadAsFarAsItWas() {
        Cursor cursor = Cursor.ORIGIN
                .advanced(NEW, 3)
                .advanced(OTHER, 7)
                .advanced(OLD, 9)
                .advanced(NEW, 4);
        assertThat(cursor.upTo(OLD)).isEqualTo(9);
        assertThat(cursor.upTo(NEW)).isEqualTo(4);
        assertThat(cursor.upTo(OTHER)).isEqualTo(7);
        assertThat(cursor.upTo(new Stream("n1", 15))).isZero();
        assertThat(cursor.upTo(new Stream("n3", 5))).isZero();
    }

    @Test
    void noCursorGoesBack() {
        Cursor cursor = Cursor.ORIGIN.advanced(NEW, 3).settled("n1", 15);
        assertThat(cursor.advanced(NEW, 2)).isSameAs(cursor);
        assertThat(cursor.advanced(OLD, 100)).isSameAs(cursor);
        assertThat(cursor.settled("n1", 12)).isSameAs(cursor);
    }

    @Test
    void epochsBelowTheMarkAreDoneWithAndNotListed() {
        Cursor cursor = Cursor.ORIGIN
                .advanced(OLD, 9)
                .advanced(NEW, 3)
                .settled("n1", 20)
                .settled("n3", 7);
        assertThat(cursor.upTo(OLD)).isEqualTo(Long.MAX_VALUE);
        assertThat(cursor.upTo(NEW)).isEqualTo(3);
        assertThat(cursor.upTo(new Stream("n3", 6))).isEqualTo(Long.MAX_VALUE);
        assertThat(cursor.places())
                .containsExactlyInAnyOrder(
                        new Place(Cursor.key("n1"), 20, List.of(new Epoch(20, 3))),
                        new Place(Cursor.key("n3"), 7, List.of()));
    }

    @Test
    void theOrderInWhichItWasReadDoesNotShow() {
        assertThat(Cursor.ORIGIN.advanced(OTHER, 7).advanced(NEW, 3).advanced(OLD, 1))
                .isEqualTo(Cursor.ORIGIN.advanced(OLD, 1).advanced(NEW, 3).advanced(OTHER, 7));
    }

    @Test
    void whatIsOutOfOrderIsNoCursor() {
        Place place = new Place(1, 0, List.of(new Epoch(1, 1)));
        assertThatThrownBy(() -> new Cursor(List.of(place, place))).isInstanceOf(IllegalArgumentException.class);
        List<Epoch> falling = List.of(new Epoch(2, 1), new Epoch(1, 1));
        assertThatThrownBy(() -> new Place(1, 0, falling)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Place(1, 3, falling)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Place(1, -1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Place(1, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Epoch(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Epoch(1, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }
}
