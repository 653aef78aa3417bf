/// The wire: bytes to the words of the core and back, and nothing else. No state but the framing's, no
/// thread, no channel. `Framing` cuts frames; `PeerCodec` and `ClientCodec` are two pure functions each.
/// Protobuf's types stop here, and nothing but [Malformed] comes out for what others send.
package dev.rumor.wire;
