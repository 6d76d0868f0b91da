/**
 * The OpenAI Realtime protocol at {@code /v1/realtime}: JSON events over a WebSocket, sound in Base64, in the spelling of the beta or of
 * the general release, as the client's header or first {@code session.update} shows.
 *
 * <p>The protocol was made for turns; the model is full duplex. One response stays open for the talk, sound of the client feeds it all the
 * time, and {@code response.cancel} silences it. Imports the server's {@code chat} and {@code log}, moshivis-audio's encodings, the
 * client module's messages, Jackson and Jetty.
 */
package io.github.moshivis.server.realtime;
