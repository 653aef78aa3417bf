/// Who was last known to hold what: what peers told of themselves, and what a relay told of many. It is kept here
/// without a rule of what follows from it.
package dev.rumor.core.holding;
