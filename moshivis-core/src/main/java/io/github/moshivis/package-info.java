/**
 * Spoken conversations about pictures. {@link io.github.moshivis.MoshiVis} is a loaded model, to be shared; {@link
 * io.github.moshivis.SessionOptions} holds the settings of one conversation; {@link io.github.moshivis.Conversation} is a conversation that runs
 * by itself, {@link io.github.moshivis.Session} one that the caller steps frame by frame.
 *
 * <p>API. All types may be used by several threads unless they say otherwise.
 */
@NullMarked
package io.github.moshivis;

import org.jspecify.annotations.NullMarked;
