/// Where runs are kept: what the core asks of storage by effects, behind [Store]. Knows the core and nothing
/// else; records are opaque here.
package dev.rumor.storage;
