/// Many small clusters, each with a mix of faults of its own: a seed draws what goes wrong, and then everything must
/// become right again.
package dev.rumor.simulator.swarm;
