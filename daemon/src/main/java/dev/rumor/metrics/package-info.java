/// What a node counts, for Prometheus. [dev.rumor.metrics.Metrics] observes the border of the law (events in, effects
/// out) and that of the host (frames); the law itself counts nothing. What only a look into the node can tell
/// ([dev.rumor.core.View]) is looked up when somebody asks, at most once a second.
///
/// Names begin with `rumor_`; those of the JVM and of the process are Micrometer's own, `jvm_` and `process_`, because
/// dashboards know them. Label sets are bounded: kinds of messages, states, reasons, and of members only the one that
/// holds commits up.
package dev.rumor.metrics;
