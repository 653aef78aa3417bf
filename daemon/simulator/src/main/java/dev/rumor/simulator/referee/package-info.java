/// What must always hold, checked after every event by somebody who sees everything.
package dev.rumor.simulator.referee;
