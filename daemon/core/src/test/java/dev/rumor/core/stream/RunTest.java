package dev.rumor.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunTest {

    private static final Stream WEB = new Stream("web-1", 36);

    private static Run run(long first, int... lengths) {
        int size = 0;
        int[] checksums = new int[lengths.length];
        for (int k = 0; k < lengths.length; k++) {
            size += lengths[k];
            checksums[k] = 1000 + k;
        }
        byte[] bytes = new byte[size];
        for (int k = 0; k < size; k++) {
            bytes[k] = (byte) k;
        }
        return new Run(WEB, 7, first, 500, lengths, checksums, bytes);
    }

    @Test
    void a_slice_of_a_slice_is_the_slice_of_the_whole() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            int[] lengths = new int[1 + dice.nextInt(8)];
            for (int k = 0; k < lengths.length; k++) {
                lengths[k] = dice.nextInt(4);
            }
            Run whole = run(11, lengths);
            long a = 11 + dice.nextInt(lengths.length);
            long b = a + dice.nextInt((int) (whole.last() - a) + 1);
            long c = a + dice.nextInt((int) (b - a) + 1);
            long d = c + dice.nextInt((int) (b - c) + 1);
            Run slice = whole.slice(a, b).slice(c, d);
            assertThat(slice).as("seed %s", seed).isEqualTo(whole.slice(c, d));
            assertRecordsOf(whole, slice);
        }
    }

    private static void assertRecordsOf(Run whole, Run slice) {
        int offset = 0;
        int index = (int) (slice.first() - whole.first());
        for (int k = 0; k < index; k++) {
            offset += whole.length(k);
        }
        assertThat(slice.offset()).isEqualTo(offset);
        assertThat(slice.bytes()).isSameAs(whole.bytes());
        assertThat(slice.clock()).isEqualTo(whole.clock() + index);
        assertThat(slice.tag()).isEqualTo(whole.tag());
        int size = 0;
        for (int k = 0; k < slice.count(); k++) {
            assertThat(slice.length(k)).isEqualTo(whole.length(index + k));
            assertThat(slice.checksum(k)).isEqualTo(whole.checksum(index + k));
            size += slice.length(k);
        }
        assertThat(slice.size()).isEqualTo(size);
    }

    @Test
    void the_whole_as_a_slice_is_the_run_itself() {
        Run run = run(5, 3, 4);
        assertThat(run.slice(5, 6)).isSameAs(run);
    }

    @Test
    void a_run_costs_its_bytes_and_what_keeping_them_takes() {
        assertThat(run(1, 10, 0, 5).cost()).isEqualTo(Run.RUN_OVERHEAD_BYTES + 3 * Run.RECORD_OVERHEAD_BYTES + 15);
        assertThat(run(1, 10, 0, 5).slice(2, 3).cost())
                .isEqualTo(Run.RUN_OVERHEAD_BYTES + 2 * Run.RECORD_OVERHEAD_BYTES + 5);
    }

    @Test
    void a_run_knows_its_range() {
        assertThat(run(5, 1, 1, 1).range()).isEqualTo(new Stream.Range(WEB, 5, 7));
        assertThat(run(5, 1, 1, 1)).hasToString("web-1/10/5..7 (3 B)");
    }

    @Test
    void a_slice_that_is_not_within_the_run_is_refused() {
        Run run = run(5, 1, 1, 1);
        long[][] wrong = {{4, 6}, {5, 8}, {7, 6}, {1, 2}, {9, 9}};
        for (long[] each : wrong) {
            assertThatThrownBy(() -> run.slice(each[0], each[1])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> run.slice(6, 7).slice(5, 6)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_run_whose_header_does_not_fit_its_bytes_is_refused() {
        assertRefused(0, new int[] {1}, new int[1], 1);
        assertRefused(1, new int[0], new int[0], 0);
        assertRefused(1, new int[] {1}, new int[2], 1);
        assertRefused(1, new int[] {1}, new int[1], 2);
        assertRefused(1, new int[] {-1, 2}, new int[2], 1);
        assertRefused(1, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 3}, new int[3], 1);
        assertRefused(Long.MAX_VALUE, new int[] {1}, new int[1], 1);
    }

    private static void assertRefused(long first, int[] lengths, int[] checksums, int bytes) {
        assertThatThrownBy(() -> new Run(WEB, 7, first, 1, lengths, checksums, new byte[bytes]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_draft_has_at_least_one_record() {
        assertThatThrownBy(() -> new Run.Draft(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Run.Draft(List.of(new byte[3], new byte[0])).size()).isEqualTo(3);
    }

    @Test
    void a_range_ends_before_the_last_number_there_is() {
        assertThatThrownBy(() -> new Stream.Range(WEB, 0, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Stream.Range(WEB, 3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Stream.Range(WEB, 1, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }
}
