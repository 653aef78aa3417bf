package dev.rumor.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class FlushTest {

    @Test
    void aChannelIsFlushedOnceAtTheEndOfATurnHoweverOftenItWasTouched() {
        Counter counter = new Counter();
        EmbeddedChannel channel = new EmbeddedChannel(counter);
        Flush flush = new Flush(channel.eventLoop());
        for (int k = 0; k < 10; k++) {
            flush.touch(channel);
        }
        assertThat(counter.flushes).isZero();
        channel.runPendingTasks();
        assertThat(counter.flushes).isEqualTo(1);
        flush.touch(channel);
        channel.runPendingTasks();
        assertThat(counter.flushes).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    private static final class Counter extends ChannelOutboundHandlerAdapter {
        private int flushes;

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    }
}
