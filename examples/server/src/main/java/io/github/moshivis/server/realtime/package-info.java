/**
 * The OpenAI Realtime protocol at {@code /v1/realtime}: JSON events over a WebSocket, audio in Base64, in the version of the beta or of the
 * general release, according to the client's header or first {@code session.update}.
 *
 * <p>The protocol was designed for turns; the model is full duplex. One response stays open for the whole conversation, the client sends
 * audio continuously, and {@code response.cancel} mutes the model. Imports the server's {@code chat} and {@code log}, moshivis-audio's
 * encodings, the client module's messages, Jackson and Jetty.
 */
package io.github.moshivis.server.realtime;
