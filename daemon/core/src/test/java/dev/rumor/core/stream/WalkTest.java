package dev.rumor.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.core.stream.Stream.Range;
import org.junit.jupiter.api.Test;

class WalkTest {

    private static final Stream OLD = new Stream("n1", 10);
    private static final Stream NEW = new Stream("n1", 20);
    private static final Stream OTHER = new Stream("n2", 5);

    private static Walk after(Cursor cursor, Range... shown) {
        Walk walk = new Walk(cursor);
        for (Range each : shown) {
            walk.add(each, 0);
        }
        return walk;
    }

    @Test
    void anOriginsOldestEpochComesFirstAndOriginsTakeTurns() {
        Walk walk = after(Cursor.ORIGIN, new Range(NEW, 1, 5), new Range(OTHER, 1, 1), new Range(OLD, 1, 9));
        assertThat(walk.next()).isEqualTo(new Range(OLD, 1, 9));
        walk.passed(4);
        assertThat(walk.next()).isEqualTo(new Range(OTHER, 1, 1));
        walk.passed(1);
        assertThat(walk.next()).isEqualTo(new Range(OLD, 5, 9));
        walk.passed(9);
        assertThat(walk.next()).isEqualTo(new Range(NEW, 1, 5));
        walk.passed(5);
        assertThat(walk.isDone()).isTrue();
        assertThat(walk.cursor())
                .isEqualTo(Cursor.ORIGIN.advanced(OLD, 9).advanced(NEW, 5).advanced(OTHER, 1));
    }

    @Test
    void whatWasReadElsewhereDoesNotLieAhead() {
        Walk walk = after(Cursor.ORIGIN.advanced(NEW, 10), new Range(NEW, 1, 7));
        assertThat(walk.isDone()).isTrue();
        walk.add(new Range(NEW, 8, 12), 0);
        assertThat(walk.next()).isEqualTo(new Range(NEW, 11, 12));
        walk.add(new Range(NEW, 13, 13), 0);
        assertThat(walk.next()).isEqualTo(new Range(NEW, 11, 13));
    }

    @Test
    void anEpochThatCameToItsEndIsMentionedUntilItIsRead() {
        Walk walk = after(Cursor.ORIGIN, new Range(OLD, 1, 9));
        walk.settle("n1", 20);
        assertThat(walk.cursor()).isEqualTo(Cursor.ORIGIN.settled("n1", 10));
        walk.passed(8);
        walk.settle("n1", 20);
        assertThat(walk.cursor()).isEqualTo(Cursor.ORIGIN.settled("n1", 10).advanced(OLD, 8));
        walk.passed(9);
        walk.settle("n1", 20);
        assertThat(walk.cursor()).isEqualTo(Cursor.ORIGIN.settled("n1", 20));
    }

    @Test
    void anEpochThatIsReopenedIsShownToWhoFollows() {
        Walk walk = after(Cursor.ORIGIN.settled("n1", 20));
        walk.add(new Range(OLD, 10, 11), 20);
        assertThat(walk.next()).isEqualTo(new Range(OLD, 10, 11));
        walk.passed(11);
        assertThat(walk.cursor()).isEqualTo(Cursor.ORIGIN.settled("n1", 20));
    }

    @Test
    void aNodeThatLagsShowsNothingOfAnEpochThatIsDoneWith() {
        Walk walk = after(Cursor.ORIGIN.settled("n1", 20), new Range(OLD, 1, 9));
        assertThat(walk.isDone()).isTrue();
    }
}
