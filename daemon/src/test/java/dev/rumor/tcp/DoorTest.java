package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.host.Drops;
import dev.rumor.host.Warnings;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorTest {

    private static final int CROWD = 100;

    private final Loops loops = Loops.join();
    private final EventLoop loop = loops.next();
    private final Door door = new Door(loop, loops.transport, new Drops(new Warnings(said -> {}, System::nanoTime)));
    private final List<Socket> crowd = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket each : crowd) {
            each.close();
        }
        door.shut();
        loop.submit(door::clear).syncUninterruptibly();
        Loops.leave();
    }

    @Test
    void aCrowdThatWaitsIsLetInWithinOneTurn() throws IOException {
        InetSocketAddress address = door.listen(new Address("127.0.0.1", 0), peer -> {}, client -> {});
        for (int k = 0; k < CROWD; k++) {
            crowd.add(new Socket(InetAddress.getLoopbackAddress(), address.getPort()));
        }
        Set<Integer> waiting = new TreeSet<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        loop.execute(() -> {
            door.open();
            lookEachTurn(waiting, all);
        });
        all.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(waiting).containsExactly(0, CROWD);
    }

    private void lookEachTurn(Set<Integer> waiting, CompletableFuture<Void> all) {
        waiting.add(door.waiting());
        if (door.waiting() == CROWD) {
            all.complete(null);
        } else {
            loop.schedule(() -> lookEachTurn(waiting, all), 0, TimeUnit.NANOSECONDS);
        }
    }
}
