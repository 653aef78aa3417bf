package dev.rumor.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private static final Answer.Whole LARGE = Answer.line("x".repeat(150));

    private final List<HttpDrop> drops = new ArrayList<>();
    private final Connections connections = new Connections(new Connections.Limits(10, 2, 1, 200), drops::add);

    /// The other end reads nothing.
    private EmbeddedChannel stuck() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
            }
        });
        connections.enter(channel);
        return channel;
    }

    private void answer(EmbeddedChannel channel, Answer.Whole answer) {
        new Reply(channel, connections, null).write(answer, true);
    }

    @Test
    void whoeverHasNotTakenItsAnswerForLongestGoesWhenAllKeepTooMuch() {
        EmbeddedChannel one = stuck();
        EmbeddedChannel two = stuck();
        answer(one, LARGE);
        assertThat(one.isOpen()).isTrue();
        answer(two, LARGE);
        assertThat(one.isOpen()).isFalse();
        assertThat(two.isOpen()).isTrue();
        assertThat(drops).containsExactly(HttpDrop.HELD_TOO_LONG);
    }

    @Test
    void oneAloneMayBeGivenMoreThanAllTogether() {
        EmbeddedChannel alone = stuck();
        answer(alone, Answer.line("x".repeat(1_000)));
        assertThat(alone.isOpen()).isTrue();
        assertThat(drops).isEmpty();
    }

    @Test
    void soManyAreBeingAnsweredAndOneThatWasMakesRoom() {
        EmbeddedChannel one = stuck();
        EmbeddedChannel two = stuck();
        EmbeddedChannel three = stuck();
        assertThat(connections.ask(one)).isTrue();
        assertThat(connections.ask(two)).isTrue();
        assertThat(connections.ask(three)).isFalse();
        connections.idle(one);
        assertThat(connections.ask(three)).isTrue();
    }
}
