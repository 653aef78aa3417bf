/// Who was last known to hold what: what peers told of themselves, and what a relay told of many; who is
/// waited for, and which epochs are over by that.
package dev.rumor.core.holding;
