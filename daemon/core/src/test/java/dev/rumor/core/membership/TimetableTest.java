package dev.rumor.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimetableTest {

    private static final long WINDOW = 100;
    private static final long GRACE = 20;

    private final Timetable timetable = new Timetable();

    private void gather(long now) {
        timetable.gather(now, WINDOW, GRACE);
    }

    private boolean flush(long now) {
        boolean due = timetable.isDue(now);
        if (due) {
            timetable.flush(now, WINDOW);
        }
        return due;
    }

    @Test
    void the_first_window_begins_with_what_is_to_be_sent_on() {
        assertThat(timetable.alarm()).isEqualTo(Long.MAX_VALUE);
        assertThat(timetable.windowNanos()).isZero();
        gather(7);
        gather(50);
        assertThat(timetable.alarm()).isEqualTo(107);
        assertThat(flush(106)).isFalse();
        assertThat(flush(107)).isTrue();
        assertThat(flush(108)).isFalse();
        assertThat(timetable.windowNanos()).isEqualTo(WINDOW);
    }

    @Test
    void windows_follow_one_another_though_a_flush_was_late_and_some_were_empty() {
        gather(0);
        assertThat(flush(130)).isTrue();
        assertThat(timetable.phaseNanos(130)).isEqualTo(30);
        gather(350);
        assertThat(timetable.alarm()).isEqualTo(400);
        assertThat(timetable.phaseNanos(350)).isEqualTo(50);
    }

    @Test
    void what_is_late_by_little_goes_soon_after_and_once() {
        gather(0);
        flush(100);
        gather(105);
        gather(119);
        assertThat(timetable.alarm()).isEqualTo(120);
        assertThat(flush(120)).isTrue();
        assertThat(timetable.phaseNanos(120))
                .as("the end of the window is where it was")
                .isEqualTo(20);
        gather(120);
        assertThat(timetable.alarm()).isEqualTo(200);
    }

    @Test
    void what_waits_may_be_hurried() {
        timetable.hurry(3);
        assertThat(timetable.alarm()).isEqualTo(Long.MAX_VALUE);
        gather(5);
        timetable.hurry(6);
        assertThat(flush(6)).isTrue();
        gather(10);
        timetable.hurry(11);
        assertThat(flush(11)).as("what was late, too").isTrue();
    }
}
