/**
 * Telephone calls: the media streams of Twilio, Plivo and Vobiz over WebSockets, and Asterisk's AudioSocket over TCP.
 *
 * <p>A call ({@code PhoneCall}) is one caller of the server, with a clock of 20 ms both ways: inwards it evens out jitter and fills
 * suppressed silence, because the model's time is that of the sound it hears; outwards it paces. Each carrier is a pair of small classes:
 * one that connects, one that knows its bytes. Imports the server's {@code chat} and {@code log}, moshivis-audio's encodings, the client
 * module's messages, Jackson, and Jetty in the classes that name it.
 *
 * <p>Threads: one clock for all calls; what comes in arrives on the threads of Jetty or of the channel group. None of them waits.
 */
package io.github.moshivis.server.telephone;
