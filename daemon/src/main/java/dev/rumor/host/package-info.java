/// What all hosts share, whatever carries their messages: the machine that they drive, who observes it, and
/// the desk where records are offered, read and subscribed to.
package dev.rumor.host;
