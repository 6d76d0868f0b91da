/**
 * Conversations of the server: one {@link io.github.moshivis.server.chat.ChatRoom} for all callers, and for each connection its position in
 * the queue, its pictures, its audio and its conversation.
 *
 * <p>Imports the library's API, moshivis-audio, the client module's messages, the server's log and metrics; Jetty in the classes
 * that name it only ({@code Endpoint}, {@code Gate}, {@code Protocol}, {@code ChatSocket}).
 *
 * <p>A protocol consists of a {@link io.github.moshivis.server.chat.Line} for output and a reader of input: that of the reference is here
 * ({@code ChatSocket}), the others are in other packages, which import this one.
 *
 * <p>Threads: incoming data arrives on Jetty's threads, which never block here; audio is only queued. A conversation uses a pooled thread,
 * which starts it and waits for its end, besides the library's three threads: audio is decoded on the reading one and encoded on the writing
 * one. A change of the picture uses a pooled thread while the picture is encoded. Callers that wait for a picture or a slot use no thread: one
 * thread checks all deadlines and positions. So five hundred waiting callers cost five hundred sockets.
 */
package io.github.moshivis.server.chat;
