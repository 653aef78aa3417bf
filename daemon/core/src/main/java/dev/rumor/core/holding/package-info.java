/// Who was last known to hold what: what peers told of themselves, and what a relay told of many; and which epochs are
/// over by that, and which of its streams a disk has lost the end of.
package dev.rumor.core.holding;
