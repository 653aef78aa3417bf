package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rumor.core.message.Message;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever bytes come, out comes a message or [Malformed] and nothing else; what was understood means the same
/// when it is said again, the node that hears it goes on, and memory stays flat.
class ForgedFramesIT {

    private static final int PEER_FRAMES = 1_500_000;
    private static final int CLIENT_FRAMES = 500_000;
    private static final int RUNS = 50_000;
    private static final long SEED = 20_261_120;

    /// What decoding one frame may allocate: so much for any, and so much for each of its bytes, because an
    /// empty record or register is two bytes on the wire and an object here.
    private static final long ALLOCATED_BYTES = 16 << 10;
    private static final long ALLOCATED_PER_BYTE = 160;

    /// What may be left of it all, after a collection.
    private static final long RETAINED_BYTES = 8 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ByteBuffer direct = ByteBuffer.allocateDirect(16 << 20);
    private int understood;

    private interface Decoding {
        Object decode(ByteBuffer frame) throws Malformed;
    }

    @Test
    void peersMaySendAnythingAndTheNodeThatHearsItGoesOn() {
        Forger forger = Forger.ofPeers(SEED);
        long before = retained();
        BesiegedNode node = new BesiegedNode();
        for (int k = 0; k < PEER_FRAMES; k++) {
            if (decoded(k, forger.next(), PeerCodec::decode, RoundTrip::ofPeer) instanceof Message message) {
                node.hear(message);
            }
        }
        assertThat(retained() - before).isLessThan(RETAINED_BYTES);
        assertThat(node.linked()).as("times that the peer was linked").isGreaterThan(PEER_FRAMES / 1_000);
        assertThat(understood).as("some forgeries do no harm, most do").isBetween(PEER_FRAMES / 10, PEER_FRAMES / 2);
    }

    @Test
    void clientsMaySendAnything() {
        Forger forger = Forger.ofClients(SEED);
        long before = retained();
        for (int k = 0; k < CLIENT_FRAMES; k++) {
            decoded(k, forger.next(), ClientCodec::decodeRequest, RoundTrip::ofClient);
        }
        assertThat(retained() - before).isLessThan(RETAINED_BYTES);
        assertThat(understood).isBetween(CLIENT_FRAMES / 10, CLIENT_FRAMES * 9 / 10);
    }

    @Test
    void originsMayPutAnythingIntoTheirRuns() {
        Forger forger = Forger.ofPeers(SEED);
        BesiegedNode node = new BesiegedNode();
        for (int k = 0; k < RUNS; k++) {
            Message.Runs runs = new Message.Runs(List.of(forger.run()));
            runs.runs().forEach(RoundTrip::ofRun);
            node.hear(runs);
        }
    }

    /// What the frame means, or null; from buffers of either kind by turns.
    private Object decoded(int number, byte[] frame, Decoding decoding, Decoding roundTrip) {
        ByteBuffer bytes = number % 2 == 0
                ? ByteBuffer.wrap(frame)
                : direct.clear().put(frame).flip();
        try {
            if (!isUnderstood(decoding, bytes, false)) {
                return null;
            }
            understood++;
            return roundTrip.decode(bytes);
        } catch (Malformed | RuntimeException | Error uncaught) {
            throw new AssertionError("frame " + number + ": " + HexFormat.of().formatHex(frame), uncaught);
        }
    }

    /// @param again whether this is the second time; in the first, classes may have been loaded
    private static boolean isUnderstood(Decoding decoding, ByteBuffer frame, boolean again) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean understood = true;
        try {
            decoding.decode(frame.duplicate());
        } catch (Malformed declared) {
            understood = false;
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated <= ALLOCATED_BYTES + ALLOCATED_PER_BYTE * frame.remaining()) {
            return understood;
        }
        if (again) {
            throw new AssertionError(allocated + " bytes allocated for a frame of " + frame.remaining());
        }
        return isUnderstood(decoding, frame, true);
    }

    private static long retained() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
