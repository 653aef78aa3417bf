/// Who is in a large cluster, and who of them is next to whom: values, without a rule of what follows.
package dev.rumor.core.membership;
