/// What lies between hosts: distance, weather, wires that come and go, and cuts.
package dev.rumor.simulator.network;
