/// Virtual time: what is to happen, in order, and how long things take.
package dev.rumor.simulator.time;
