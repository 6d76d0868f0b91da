package io.github.moshivis.train.nano;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Topics of the training talks: scenes with questions about each, questions without a picture, and all utterances that they need.
 *
 * @param scenes the scenes, and under none the questions without a picture
 * @param questions by their text, the same in several voices
 * @param answers of all questions, in the model's voice
 * @param sentences others, in voices of users
 */
record TalkPlan(
        List<Topic> scenes,
        Topic blind,
        Map<String, List<SpeechLibrary.Utterance>> questions,
        List<SpeechLibrary.Utterance> answers,
        List<SpeechLibrary.Utterance> sentences) {
    private static final int MAX_BLIND = 200;
    private static final int MIN_VOICES = 1;

    /** With all sounds of English, and of words that are not in the domain. */
    private static final List<String> SENTENCES = List.of(
            "The boy was there when the sun rose over the valley.",
            "She bought fresh fish, cheese and very thin bread at the village shop.",
            "Please measure the garage before you judge its usual size.",
            "A young zebra jumped quickly across the shallow river.",
            "We heard a strange voice behind the old church yesterday.",
            "Both brothers enjoy cooking with ginger, onions and oil.",
            "Why do they choose to work so far away from home?",
            "The weather will be bright and windy later this week.",
            "My nephew thinks the cold water is good for his health.",
            "Fifteen small boats were waiting in the harbour at noon.",
            "Could you put the blue vase on the upper shelf?",
            "He would rather leave the house than argue with them.",
            "Her vision of the future was both pleasant and unusual.",
            "Sing a quiet song about long journeys and high mountains.",
            "Few people knew how dangerous the poor bridge really was.",
            "The judge asked each witness to speak louder and more clearly.");

    /** A scene with questions about it, each with its answer. */
    record Topic(Optional<Scene> scene, List<Exchange> exchanges) {}

    static TalkPlan of(NanoScale.Data data, long seed) {
        Random random = new Random(seed);
        List<Topic> scenes = new ArrayList<>();
        for (int i = 0; i < data.scenes(); i++) {
            scenes.add(topic(Optional.of(Scene.random(random)), data.exchanges(), random));
        }
        Topic blind = topic(Optional.empty(), Math.min(MAX_BLIND, data.exchanges() * data.scenes()), random);
        Set<String> answers = new LinkedHashSet<>();
        Map<String, Question> asked = new LinkedHashMap<>();
        List<Topic> all = new ArrayList<>(scenes);
        all.add(blind);
        for (Topic topic : all) {
            for (Exchange exchange : topic.exchanges) {
                answers.add(exchange.answer());
                asked.put(exchange.question(), exchange.kind());
            }
        }
        List<SpeechLibrary.Utterance> sentences = new ArrayList<>();
        for (int i = 0; i < data.sentences(); i++) {
            sentences.add(new SpeechLibrary.Utterance(SENTENCES.get(i % SENTENCES.size()), Voices.user(random)));
        }
        return new TalkPlan(
                scenes,
                blind,
                inVoices(asked, data.questions(), random),
                answers.stream()
                        .map(text -> new SpeechLibrary.Utterance(text, Voices.MODEL))
                        .toList(),
                sentences);
    }

    private static Topic topic(Optional<Scene> scene, int count, Random random) {
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exchanges.add(Exchange.about(scene, Manner.USUAL, random));
        }
        return new Topic(scene, exchanges);
    }

    /** Each question in as many voices as its kind is frequent. */
    private static Map<String, List<SpeechLibrary.Utterance>> inVoices(
            Map<String, Question> asked, int total, Random random) {
        Map<Question, Integer> texts = new LinkedHashMap<>();
        asked.values().forEach(kind -> texts.merge(kind, 1, Integer::sum));
        Map<String, List<SpeechLibrary.Utterance>> questions = new LinkedHashMap<>();
        asked.forEach((text, kind) -> {
            int voices = Math.max(MIN_VOICES, total * Exchange.share(kind) / 100 / texts.get(kind));
            Set<SpeechLibrary.Utterance> utterances = new LinkedHashSet<>();
            while (utterances.size() < voices) {
                utterances.add(new SpeechLibrary.Utterance(text, Voices.user(random)));
            }
            questions.put(text, List.copyOf(utterances));
        });
        return questions;
    }

    /** Everything that is to be spoken, each utterance once. */
    List<SpeechLibrary.Utterance> utterances() {
        Set<SpeechLibrary.Utterance> all = new LinkedHashSet<>(answers);
        questions.values().forEach(all::addAll);
        all.addAll(sentences);
        return List.copyOf(all);
    }
}
