package dev.rumor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramingTest {
    private final Framing.Decoder decoder = new Framing.Decoder(Framing.MAX_FRAME_BEFORE_HELLO_BYTES, Sluice.open());
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @Test
    void framesArriveWholeWhereverTheNetworkSplitsThem() {
        byte[] bytes = concatenated(framed(1, 2, 3), framed(4), framed(5, 6));
        for (int split = 0; split <= bytes.length; split++) {
            EmbeddedChannel fresh = new EmbeddedChannel(new Framing.Decoder(3, Sluice.open()));
            fresh.writeInbound(Unpooled.copiedBuffer(bytes, 0, split));
            fresh.writeInbound(Unpooled.copiedBuffer(bytes, split, bytes.length - split));
            assertThat(taken(fresh)).containsExactly(1, 2, 3);
            assertThat(taken(fresh)).containsExactly(4);
            assertThat(taken(fresh)).containsExactly(5, 6);
            assertThat(fresh.finish()).isFalse();
        }
    }

    @Test
    void framesArriveWholeByteByByte() {
        for (byte each : concatenated(framed(1, 2, 3), framed(4))) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {each}));
        }
        assertThat(taken(channel)).containsExactly(1, 2, 3);
        assertThat(taken(channel)).containsExactly(4);
    }

    @Test
    void aFrameOfTwoGibibytesIsRefusedByItsFirstFourBytes() {
        assertRefused(length(0x8000_0000), "a frame here is 1 to 4096 bytes, not 2147483648");
    }

    @Test
    void aFrameWithoutBytesIsRefused() {
        assertRefused(length(0), "a frame here is 1 to 4096 bytes, not 0");
    }

    @Test
    void aFrameBeyondFourKibibytesIsRefusedBeforeHello() {
        assertRefused(length(4097), "a frame here is 1 to 4096 bytes, not 4097");
    }

    @Test
    void afterARefusalNothingIsDecodedAndNothingKept() {
        assertRefused(length(0), "a frame here is 1 to 4096 bytes, not 0");
        ByteBuf rest = Unpooled.wrappedBuffer(framed(1, 2, 3));
        channel.writeInbound(rest);
        assertThat(channel.inboundMessages()).isEmpty();
        assertThat(rest.refCnt()).isZero();
    }

    @Test
    void helloRaisesTheLimitForTheFrameThatArrivedWithIt() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object frame) {
                decoder.limit(Framing.MAX_FRAME_BYTES);
                context.fireChannelRead(frame);
            }
        });
        channel.writeInbound(Unpooled.wrappedBuffer(framed(1), framed(new int[5000])));
        assertThat(taken(channel)).containsExactly(1);
        assertThat(taken(channel)).hasSize(5000);
    }

    @Test
    void theLargestFrameThereIsArrives() {
        decoder.limit(Framing.MAX_FRAME_BYTES);
        channel.writeInbound(Unpooled.wrappedBuffer(length(Framing.MAX_FRAME_BYTES)));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[Framing.MAX_FRAME_BYTES]));
        assertThat(taken(channel)).hasSize(Framing.MAX_FRAME_BYTES);
    }

    @Test
    void aFrameIsReleasedByWhoTakesIt() {
        ByteBuf bytes = Unpooled.copiedBuffer(framed(1, 2, 3));
        channel.writeInbound(bytes);
        ByteBuf frame = channel.readInbound();
        assertThat(frame.refCnt()).isPositive();
        frame.release();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void whileItIsHeldNothingIsHandedOnAndNothingRead() {
        decoder.hold();
        channel.writeInbound(Unpooled.wrappedBuffer(concatenated(framed(1, 2), framed(3))));
        assertThat(channel.<ByteBuf>readInbound()).isNull();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(decoder.unfinishedBytes()).isEqualTo(2 * Framing.LENGTH_BYTES + 3);
        assertThat(decoder.keptBytes()).isGreaterThanOrEqualTo(decoder.unfinishedBytes());
        decoder.resume();
        assertThat(taken(channel)).containsExactly(1, 2);
        assertThat(taken(channel)).containsExactly(3);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(decoder.unfinishedBytes()).isZero();
    }

    @Test
    void noLimitIsBeyondTheProtocols() {
        assertThatThrownBy(() -> decoder.limit(Framing.MAX_FRAME_BYTES + 1))
                .hasMessage("a frame is 1 to 9437184 bytes, not 9437185");
    }

    private void assertRefused(byte[] bytes, String sentence) {
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(DecoderException.class)
                .cause()
                .isInstanceOf(Malformed.class)
                .hasMessage(sentence);
    }

    private static byte[] taken(EmbeddedChannel channel) {
        ByteBuf frame = channel.readInbound();
        byte[] bytes = ByteBufUtil.getBytes(frame);
        frame.release();
        return bytes;
    }

    private static byte[] framed(int... content) {
        ByteBuffer frame = ByteBuffer.allocate(Framing.LENGTH_BYTES + content.length);
        frame.putInt(content.length);
        Arrays.stream(content).forEach(each -> frame.put((byte) each));
        return frame.array();
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(Framing.LENGTH_BYTES).putInt(length).array();
    }

    private static byte[] concatenated(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(List.of(parts).toArray(byte[][]::new)));
    }
}
