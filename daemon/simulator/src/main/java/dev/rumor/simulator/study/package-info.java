/// A simulation as an experiment that anybody can ask for: a plan goes in, findings come out, to the letter the
/// same for the same plan.
package dev.rumor.simulator.study;
