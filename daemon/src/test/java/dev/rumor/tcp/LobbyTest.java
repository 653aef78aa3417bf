package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rumor.host.Drop;
import dev.rumor.host.Drops;
import dev.rumor.host.Warnings;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LobbyTest {

    private final Drops drops = new Drops(new Warnings(said -> {}, System::nanoTime));

    @Test
    void whoDoesNotSayWhoItIsIsClosedAfterFiveSeconds() {
        EmbeddedChannel channel = frozen();
        new Lobby(1, drops).enter(channel);
        pass(channel, 4_999);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoHasSaidWhoItIsStays() {
        EmbeddedChannel channel = frozen();
        Lobby lobby = new Lobby(1, drops);
        lobby.enter(channel);
        lobby.leave(channel);
        pass(channel, 60_000);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    @Test
    void theOldestMakesRoomForTheNewest() {
        Lobby lobby = new Lobby(2, drops);
        EmbeddedChannel first = frozen();
        EmbeddedChannel second = frozen();
        EmbeddedChannel third = frozen();
        lobby.enter(first);
        lobby.enter(second);
        lobby.enter(third);
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen() && third.isOpen()).isTrue();
        assertThat(lobby.size()).isEqualTo(2);
        second.close();
        assertThat(lobby.size()).isEqualTo(1);
        third.close();
    }

    @Test
    void whoHasBeenSilentForLongestMakesRoomFirst() {
        Lobby lobby = new Lobby(2, drops);
        EmbeddedChannel speaking = frozen();
        EmbeddedChannel silent = frozen();
        lobby.enter(speaking);
        lobby.enter(silent);
        lobby.heard(speaking);
        lobby.enter(frozen());
        assertThat(silent.isOpen()).isFalse();
        assertThat(speaking.isOpen()).isTrue();
        assertThat(drops.count(Drop.LOBBY_FULL)).isEqualTo(1);
        speaking.close();
    }

    private static EmbeddedChannel frozen() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        return channel;
    }

    private static void pass(EmbeddedChannel channel, long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
