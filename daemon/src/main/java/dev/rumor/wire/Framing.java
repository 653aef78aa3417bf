package dev.rumor.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/// How frames lie in a connection: the dialler's preface of four bytes, then in both directions frames, each
/// behind its length (4 bytes, unsigned, big endian, itself not counted). The same for peers and for clients.
///
/// There is no encoder: [PeerCodec] and [ClientCodec] write the length in front of what they encode, so that
/// one array can be shared by many links.
public final class Framing {

    /// What a peer says first, in ASCII.
    public static final String PEER_PREFACE = "RUMP";

    /// What a client says first, in ASCII.
    public static final String CLIENT_PREFACE = "RUMC";

    /// Bytes of either preface.
    public static final int PREFACE_BYTES = 4;

    /// Bytes of the length in front of each frame.
    public static final int LENGTH_BYTES = 4;

    /// The largest frame, without its length: a constant of the protocol, the same for all.
    public static final int MAX_FRAME_BYTES = 9 << 20;

    /// The largest frame on a link between peers until hello.
    public static final int MAX_FRAME_BEFORE_HELLO_BYTES = 4096;

    private Framing() {}

    /// Cuts what arrives into frames and hands on each as a retained slice, without its length; the next
    /// handler releases it. A length is judged as soon as its four bytes are there, so a frame that is too
    /// large never costs more than the read that brought its beginning. A frame handed on may raise the limit
    /// for the one behind it, even if both arrived together.
    ///
    /// A length of 0 or beyond the limit surfaces in `exceptionCaught` as a `DecoderException` whose cause is
    /// [Malformed]. From then on the stream has no meaning, and what still arrives is thrown away. The
    /// beginning of a frame that a closing connection leaves behind is dropped without a word.
    ///
    /// What was read when it is held, or when the sluice is shut, stays as it is: as bytes it costs what it is, and
    /// cut into the smallest of frames ten times that.
    public static final class Decoder extends ByteToMessageDecoder {
        private final Sluice sluice;
        private int limit;
        private boolean lost;
        private boolean held;
        private boolean waiting;
        private ChannelHandlerContext context;

        /// @param limit largest frame to let through, in bytes, 1 to [#MAX_FRAME_BYTES]
        /// @param sluice what it shares with other connections
        public Decoder(int limit, Sluice sluice) {
            this.sluice = sluice;
            limit(limit);
        }

        /// From the next frame on, lets frames through up to so many bytes. Called on the channel's event loop.
        public void limit(int bytes) {
            if (bytes < 1 || bytes > MAX_FRAME_BYTES) {
                throw new IllegalArgumentException("a frame is 1 to " + MAX_FRAME_BYTES + " bytes, not " + bytes);
            }
            limit = bytes;
        }

        /// Hands on nothing and reads nothing before [#resume].
        public void hold() {
            held = true;
            context.channel().config().setAutoRead(false);
        }

        public boolean isHeld() {
            return held;
        }

        /// Goes on with what is there already, and then, if nobody held it meanwhile, with what is yet to be read.
        public void resume() {
            held = false;
            if (!waiting) {
                proceed();
            }
        }

        private void proceed() {
            try {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception refused) {
                context.fireExceptionCaught(refused);
            }
            if (!held && !waiting) {
                context.channel().config().setAutoRead(true);
            }
        }

        private void await() {
            waiting = true;
            context.channel().config().setAutoRead(false);
            sluice.await(() -> {
                waiting = false;
                if (!held && !context.isRemoved()) {
                    proceed();
                    context.fireChannelReadComplete();
                }
            });
        }

        /// How much there is of what was not handed on, in bytes.
        public int unfinishedBytes() {
            return actualReadableBytes();
        }

        /// How much memory that takes, in bytes.
        public int keptBytes() {
            return internalBuffer().capacity();
        }

        /// Netty would read on until there is a frame, and so without end.
        @Override
        public void channelReadComplete(ChannelHandlerContext same) throws Exception {
            if (!held && !waiting) {
                super.channelReadComplete(context);
            } else {
                context.fireChannelReadComplete();
            }
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        protected void decode(ChannelHandlerContext same, ByteBuf in, List<Object> out) throws Malformed {
            if (lost) {
                in.skipBytes(in.readableBytes());
                return;
            }
            if (held || waiting || in.readableBytes() < LENGTH_BYTES) {
                return;
            }
            if (sluice.isShut()) {
                await();
                return;
            }
            long length = in.getUnsignedInt(in.readerIndex());
            if (length == 0 || length > limit) {
                lost = true;
                in.skipBytes(in.readableBytes());
                throw new Malformed("a frame here is 1 to " + limit + " bytes, not " + length);
            }
            if (in.readableBytes() - LENGTH_BYTES >= length) {
                in.skipBytes(LENGTH_BYTES);
                out.add(in.readRetainedSlice((int) length));
            }
        }
    }
}
