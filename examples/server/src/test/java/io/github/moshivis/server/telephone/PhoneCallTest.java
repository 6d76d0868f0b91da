package io.github.moshivis.server.telephone;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.Gate;
import io.github.moshivis.server.chat.GateOptions;
import io.github.moshivis.server.chat.TestRoom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Begins and ends of a call, in any order. */
class PhoneCallTest {
    private static final PhoneFormat FORMAT = new PhoneFormat(8000, PcmEncoding.MU_LAW);

    private final TestRoom room = new TestRoom();
    private final PhoneClock clock = new PhoneClock();
    private PhoneCall call;

    @AfterEach
    void close() {
        clock.close();
        room.close();
    }

    private PhoneCall call(TestRoom.Ends line) {
        Gate gate = new Gate(room.room, new GateOptions(Optional.empty(), Set.of(), Set.of(), 10, 10));
        call = new PhoneCall(
                new TelephoneOptions(room.room, gate, clock, Optional.empty()), line, sound -> List.of(sound));
        call.caller().begin();
        return call;
    }

    @Test
    void theClockTicksForACallUntilItsEnd() {
        call(new TestRoom.Ends()).begin(FORMAT);
        assertThat(clock.calls()).isEqualTo(1);
        call.end();
        assertThat(clock.calls()).isZero();
    }

    @Test
    void aCallThatHasEndedDoesNotBegin() {
        call(new TestRoom.Ends()).end();
        call.begin(FORMAT);
        assertThat(clock.calls()).isZero();
    }

    @Test
    void aCallThatEndsWhileItBeginsIsForgotten() {
        call(new TestRoom.Ends() {
            private int told;

            @Override
            public List<byte[]> encode(Message message) {
                if (message instanceof Message.Metadata && ++told == 2) {
                    call.end(); // as its format becomes the caller's
                }
                return List.of();
            }
        });
        call.begin(FORMAT);
        assertThat(clock.calls()).isZero();
    }
}
