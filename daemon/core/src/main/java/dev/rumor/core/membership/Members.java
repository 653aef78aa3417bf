package dev.rumor.core.membership;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Sections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Registers by name, in order, with their digest. They lie in one array, since every node of a large cluster
/// holds thousands: a name is found by halving, and any of them by its place.
public final class Members {

    private final ArrayList<Register> registers = new ArrayList<>();
    private final List<Register> view = Collections.unmodifiableList(registers);
    private final Sections sections = new Sections();
    private Digest digest = Digest.ZERO;
    private int expected;

    /// Null if there is none of this name.
    public Register get(String name) {
        int place = find(name);
        return place < 0 ? null : registers.get(place);
    }

    /// Takes the place of the register of that name before, if there was one.
    public void put(Register register) {
        int last = registers.size() - 1;
        boolean isLast = last < 0 || registers.get(last).name().compareTo(register.name()) < 0;
        int place = isLast ? -last - 2 : find(register.name());
        if (place < 0) {
            registers.add(-place - 1, register);
        } else {
            count(registers.set(place, register), -1);
        }
        count(register, 1);
    }

    private void count(Register register, int sign) {
        Digest entry = Digest.of(register.toString());
        int section = Sections.of(register.name());
        if (sign > 0) {
            digest = digest.plus(entry);
            sections.add(section, entry);
        } else {
            digest = digest.minus(entry);
            sections.remove(section, entry);
        }
        expected += register.isMember() ? sign : 0;
    }

    private int find(String name) {
        int low = 0;
        int high = registers.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = registers.get(middle).name().compareTo(name);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /// In order of names.
    public List<Register> all() {
        return view;
    }

    public int size() {
        return registers.size();
    }

    /// How many neither left nor were evicted.
    public int expected() {
        return expected;
    }

    public Digest digest() {
        return digest;
    }

    public Sections sections() {
        return sections;
    }
}
