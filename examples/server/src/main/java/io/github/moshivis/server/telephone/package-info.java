/**
 * Telephone calls: the media streams of Twilio, Plivo and Vobiz over WebSockets, and Asterisk's AudioSocket over TCP.
 *
 * <p>A call ({@code PhoneCall}) is one caller of the server, with a clock of 20 ms in both directions: it buffers jitter and fills
 * suppressed silence of incoming audio, because the model advances with the audio it hears, and sends outgoing audio in real time. For
 * WebSockets, {@code Carrier} has the names of each carrier's protocol and {@code MediaStreamSocket} is a connection. Imports the server's {@code chat} and {@code log},
 * moshivis-audio's encodings, the client module's messages, Jackson, and Jetty in the classes that name it.
 *
 * <p>Threads: one clock for all calls; incoming data arrives on threads of Jetty or of the channel group. None of them blocks.
 */
package io.github.moshivis.server.telephone;
