/// What survives a process: writes that are durable when the disk says so, and what becomes of them.
package dev.rumor.simulator.disk;
