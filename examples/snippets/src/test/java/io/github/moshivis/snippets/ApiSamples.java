package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.Transcription;
import io.github.moshivis.TranscriptionOptions;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.audio.JitterBuffer;
import io.github.moshivis.audio.Microphone;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.PcmLine;
import io.github.moshivis.audio.RawPcm;
import io.github.moshivis.audio.Resampler;
import io.github.moshivis.audio.Speaker;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.hub.Hub;
import io.github.moshivis.hub.HubCache;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.test.CollectingSink;
import io.github.moshivis.test.ScriptedSource;
import io.github.moshivis.test.ToyModel;
import io.github.moshivis.test.ToySpeechToText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A harmless value of each type of the API; talks go on until this is closed. For one thread. */
final class ApiSamples implements AutoCloseable {
    private final Map<Class<?>, Object> samples = new HashMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /**
     * Creates the values.
     *
     * @param model with room for two conversations
     */
    ApiSamples(MoshiVis model) {
        put(String.class, "x");
        put(Path.class, Path.of("does-not-exist"));
        put(Duration.class, Duration.ofSeconds(1));
        put(Instant.class, Instant.EPOCH);
        put(ByteBuffer.class, ByteBuffer.allocate(0));
        put(InputStream.class, new ByteArrayInputStream(new byte[0]));
        put(OutputStream.class, new ByteArrayOutputStream());
        put(Optional.class, Optional.empty());
        put(OptionalInt.class, OptionalInt.empty());
        put(OptionalLong.class, OptionalLong.empty());
        put(List.class, List.of());
        put(Set.class, Set.of());
        put(Map.class, Map.of());
        put(Throwable.class, new IllegalStateException("cause"));
        models(model);
        audio();
        put(Checkpoint.class, Checkpoint.open(ToyModel.directory()));
        put(ConvertOptions.class, ConvertOptions.defaults());
        HubSettings offline = HubSettings.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1", "HF_HOME", "/nowhere"));
        put(HubSettings.class, offline);
        put(HubCache.class, HubCache.of(offline));
        put(Hub.class, closed(Hub.open(offline)));
        put(ModelName.class, ModelName.parse("owner/name"));
    }

    private void models(MoshiVis model) {
        SpeechToText stt = closed(SpeechToText.load(
                ToySpeechToText.directory(), LoadOptions.defaults().maxConversations(2)));
        put(MoshiVis.class, model);
        put(LoadOptions.class, LoadOptions.defaults());
        put(SessionOptions.class, model.session());
        put(SamplingOptions.class, SamplingOptions.defaults());
        put(Session.class, closed(model.session().open()));
        put(Conversation.class, closed(model.session().start(silence(), new CollectingSink())));
        put(SpeechToText.class, stt);
        put(TranscriptionOptions.class, stt.transcription());
        put(Transcription.class, closed(stt.transcription().start(silence())));
        put(TranscriptionSession.class, closed(stt.transcription().open()));
        put(Image.class, Image.rgb(1, 1, new byte[3]));
        BundledModel nano = BundledModel.nano();
        put(BundledModel.class, nano);
        put(BundledModel.Picture.class, nano.pictures().get(0));
        put(BundledModel.Question.class, nano.questions().get(0));
    }

    private void audio() {
        RawPcm format = new RawPcm(8_000, 1, PcmEncoding.SIGNED_16);
        put(RawPcm.class, format);
        put(PcmLine.class, closed(PcmLine.of(format, Duration.ofSeconds(1))));
        put(OpusSettings.class, OpusSettings.live());
        put(OggOpusEncoder.class, closed(new OggOpusEncoder(OpusSettings.live())));
        put(JitterBuffer.Settings.class, JitterBuffer.Settings.defaults());
        put(JitterBuffer.class, new JitterBuffer(JitterBuffer.Settings.defaults()));
        put(Resampler.class, new Resampler(8_000, AudioSource.SAMPLE_RATE));
        put(Microphone.class, Microphone.standard());
        put(Speaker.class, Speaker.standard());
    }

    private static AudioSource silence() {
        return ScriptedSource.script().silenceForever();
    }

    private <T> void put(Class<T> type, T value) {
        samples.put(type, value);
    }

    private <T extends AutoCloseable> T closed(T value) {
        open.push(value);
        return value;
    }

    /** A value of a type; null if there is none. */
    Object of(Class<?> type) {
        Object known = samples.get(type);
        if (known != null) {
            return known;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type == boolean.class) {
            return false;
        }
        if (type.isPrimitive()) {
            return type == long.class
                    ? (Object) 1L
                    : type == double.class ? (Object) 1.0 : type == float.class ? (Object) 1f : (Object) 1;
        }
        return type.isInterface() ? proxy(type) : made(type);
    }

    private static Object proxy(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : null);
    }

    private Object made(Class<?> type) {
        try {
            Constructor<?> constructor = type.getConstructor();
            Object value = constructor.newInstance();
            samples.put(type, value);
            if (value instanceof AutoCloseable closeable) {
                open.push(closeable);
            }
            return value;
        } catch (ReflectiveOperationException e) {
            return null; // no public constructor without parameters
        }
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
