package io.github.moshivis.server.telephone;

import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Gate;
import java.util.Optional;

/**
 * Settings that all calls share.
 *
 * @param room whom their callers meet
 * @param gate who may call
 * @param clock when sound goes
 * @param picture what the model looks at in every call; empty for none
 */
public record TelephoneOptions(ChatRoom room, Gate gate, PhoneClock clock, Optional<byte[]> picture) {}
