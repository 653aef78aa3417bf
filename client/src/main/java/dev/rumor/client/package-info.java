/// The Java client of a Rumor daemon: [dev.rumor.client.RumorClient] and the values it gives. Blocking
/// sockets; needs nothing but the schemas of `proto`. The command line is in `dev.rumor.client.cli`, built on
/// this package alone.
package dev.rumor.client;
