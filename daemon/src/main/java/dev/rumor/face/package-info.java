/// What a node is to its users, in the words of the client library: [dev.rumor.face.Terms] translates, for who embeds a
/// node and for who asks it over HTTP, where [dev.rumor.face.Api] says what stands at which path. All of it runs on
/// threads that may wait, and none on a loop.
package dev.rumor.face;
