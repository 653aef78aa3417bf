/// The simulator: the third host of the law. Virtual time, and around each node a host that is made of nothing, so that
/// a cluster of thousands runs in one thread, every fault can be had, and a seed repeats it to the letter.
///
/// ```
///   Load ──▶ Simulation ──▶ Host ──▶ Node.handle(event, now) ──▶ effects ──▶ Host
///                │            ▲                                                │
///                │            │ events                                         │
///             Agenda ◀── Network, Store ◀──────────────────────────────────────┘
///                                             Observer: sees all of it
/// ```
///
/// To read on: [Simulation], [Host], then `time.Agenda`, `network.Network`, `disk.Disk`.
package dev.rumor.simulator;
