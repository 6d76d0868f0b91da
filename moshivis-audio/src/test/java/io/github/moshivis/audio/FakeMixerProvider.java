package io.github.moshivis.audio;

import javax.sound.sampled.Mixer;
import javax.sound.sampled.spi.MixerProvider;

/** Shows {@code javax.sound} the devices of {@link FakeSound}; none unless a test has installed some. */
public final class FakeMixerProvider extends MixerProvider {
    /** Called by {@code javax.sound}. */
    public FakeMixerProvider() {}

    @Override
    public Mixer.Info[] getMixerInfo() {
        return FakeSound.devices().stream().map(FakeDevice::info).toArray(Mixer.Info[]::new);
    }

    @Override
    public Mixer getMixer(Mixer.Info info) {
        return FakeSound.devices().stream()
                .filter(device -> device.info() == info)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not one of the fake devices: " + info))
                .mixer();
    }
}
