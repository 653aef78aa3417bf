/// Deliberate mistakes in the law: the proof that the swarm can see. The law itself has no switch for them; its sources
/// are compiled with one line changed.
package dev.rumor.simulator.planted;
