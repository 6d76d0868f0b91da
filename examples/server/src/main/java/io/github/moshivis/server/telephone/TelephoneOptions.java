package io.github.moshivis.server.telephone;

import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Gate;
import java.util.Optional;

/**
 * Settings shared by all calls.
 *
 * @param room room of the callers
 * @param gate access rules
 * @param clock clock of outgoing audio
 * @param picture encoded picture of every call; empty for none
 */
public record TelephoneOptions(ChatRoom room, Gate gate, PhoneClock clock, Optional<byte[]> picture) {}
