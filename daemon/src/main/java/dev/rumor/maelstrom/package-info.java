/// The host on standard input and output: one node under Maelstrom, the workbench by which the field judges
/// broadcast protocols. It drives the same node as TCP does, with another codec and without links: link `k` stands
/// for the `k`-th member in order of names and never comes or goes.
///
/// Reads JSON by Jackson's streaming parser alone, and knows nothing of Netty or protobuf: 25 of these start at once
/// on two cores.
package dev.rumor.maelstrom;
