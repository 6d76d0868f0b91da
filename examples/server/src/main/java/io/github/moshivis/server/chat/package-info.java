/**
 * Conversations of the server: one {@link io.github.moshivis.server.chat.ChatRoom} for all callers, and for each connection its position in
 * the queue, its pictures, its audio and its conversation.
 *
 * <p>Imports the library's API, moshivis-audio, the client module's messages, the server's log and metrics; Jetty in the classes
 * that name it only ({@code Endpoint}, {@code Gate}, {@code Protocol}, {@code ChatSocket}).
 *
 * <p>A protocol is a {@link io.github.moshivis.server.chat.Line} and what reads its client: the reference's is here ({@code ChatSocket}),
 * the others in packages of their own, which import this one.
 *
 * <p>Threads: what comes in arrives on Jetty's threads, which never wait here; sound is only queued. A talk has one thread of a pool that
 * begins it and waits for its end, beside the three that the library gives it: sound is decoded on the one that reads the caller,
 * encoded on the one that writes to it. A change of picture has a thread of the pool while the model looks. Callers that wait have none,
 * whether for their picture or for a slot: one thread looks after all deadlines and positions. So five hundred that wait cost five
 * hundred sockets.
 */
package io.github.moshivis.server.chat;
