/// The node's face on HTTP: a port of its own, on a loop of its own, so that neither a scrape nor a stranger takes a
/// turn of the loop that owns a node. [dev.rumor.http.HttpPort] bounds what a request and a connection may be;
/// what is to be had is a [dev.rumor.http.Resource] behind a path. Knows nothing of nodes.
package dev.rumor.http;
