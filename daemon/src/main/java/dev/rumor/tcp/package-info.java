/// The TCP host: a node on one event loop.
///
/// ```
///  Door ─▶ Preface ─┬▶ PeerChannel ──▶ Peers ─┐                      ┌─▶ Links ─▶ Flush ─▶ bytes
///  (PeerPool dials) └▶ ClientChannel ─▶ Desk ─┴─ event ▶ TcpHost ────┼─▶ Peers (PeerPool, Lobby)
///                                    Alarm, Store ──┘   feed, perform└─▶ Desk, Store, Alarm
/// ```
///
/// Whoever comes is in the Lobby until it has said who it is, and from then on in the Hall of its kind, peers or
/// clients: both bound how many there are, how long they may take and what is kept for them. What is turned away is
/// counted as a [dev.rumor.host.Drop].
///
/// Read [dev.rumor.tcp.TcpHost] first. Everything with a state lives on the loop; there is no lock, and no
/// queue between threads but the loop's own. The blocking name lookup is the only thing that leaves it.
package dev.rumor.tcp;
