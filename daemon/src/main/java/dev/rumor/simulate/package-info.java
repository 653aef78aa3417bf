/// `rumor simulate`: the command around the simulator, and its report. What is simulated is decided by
/// [dev.rumor.simulator.study].
package dev.rumor.simulate;
