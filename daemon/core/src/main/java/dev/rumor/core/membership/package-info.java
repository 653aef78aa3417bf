/// Who is in a cluster, who of them is next to whom, how far away they are and when they are heard: values, without a
/// rule of what follows.
package dev.rumor.core.membership;
