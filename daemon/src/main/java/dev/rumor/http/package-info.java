/// The node's face on HTTP: a port of its own, on a loop of its own, so that neither a scrape nor a stranger takes a
/// turn of the loop that owns a node. [dev.rumor.http.HttpPort] bounds what a request and a connection may be, and
/// [dev.rumor.http.Doorkeeper] keeps out the pages of others; what is to be had is a [dev.rumor.http.Resource] at a
/// [dev.rumor.http.Place]. Knows nothing of nodes.
package dev.rumor.http;
