package dev.rumor.simulator.network;

import java.util.random.RandomGenerator;

/// Who does not hear whom. The shapes are those of Jepsen's nemesis, and one in which a host hears and is not heard.
public interface Cut {

    /// Nobody is cut off.
    Cut NONE = (from, to) -> true;

    /// Whether what `from` says reaches `to`.
    boolean passes(int from, int to);

    /// The shapes that a cut may have; which hosts are where is drawn.
    enum Shape {
        /// Two halves.
        HALVES,
        /// One host, alone.
        ONE,
        /// Two halves, and one host that hears and is heard by both.
        BRIDGE,
        /// Each host hears a majority, and no two the same one.
        RING,
        /// Half of the hosts are not heard by the others, and hear them.
        ONE_WAY;

        /// Of these hosts, from 0.
        public Cut among(int hosts, RandomGenerator dice) {
            int[] place = places(hosts, dice);
            int half = hosts / 2;
            return switch (this) {
                case HALVES -> (from, to) -> place[from] < half == place[to] < half;
                case ONE -> (from, to) -> place[from] != 0 && place[to] != 0 || from == to;
                case BRIDGE ->
                    (from, to) -> place[from] == hosts - 1
                            || place[to] == hosts - 1
                            || place[from] < half == place[to] < half;
                case RING -> {
                    int reach = (hosts + 2) / 4;
                    yield (from, to) -> {
                        int apart = Math.floorMod(place[from] - place[to], hosts);
                        return Math.min(apart, hosts - apart) <= reach;
                    };
                }
                case ONE_WAY -> (from, to) -> place[from] >= half || place[to] < half;
            };
        }

        private static int[] places(int hosts, RandomGenerator dice) {
            int[] place = new int[hosts];
            for (int k = 0; k < hosts; k++) {
                int other = dice.nextInt(k + 1);
                place[k] = place[other];
                place[other] = k;
            }
            return place;
        }
    }
}
