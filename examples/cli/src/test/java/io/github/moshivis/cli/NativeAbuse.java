package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Hosts that do to a model what must not crash the process. Each is a program of {@link NativeAbuseTest}; 0 says that all was as documented. */
public final class NativeAbuse {
    private static final int SLOTS = 3;

    private final Path directory;
    private final Image picture;
    private final int rounds;
    private final Queue<Throwable> undocumented = new ConcurrentLinkedQueue<>();

    private NativeAbuse(Path directory, Image picture, int rounds) {
        this.directory = directory;
        this.picture = picture;
        this.rounds = rounds;
    }

    /** Arguments: the abuse, the model, a picture, how often. */
    public static void main(String[] arguments) throws Exception {
        NativeAbuse abuse = new NativeAbuse(
                Path.of(arguments[1]), Image.read(Path.of(arguments[2])), Integer.parseInt(arguments[3]));
        switch (arguments[0]) {
            case "closing" -> abuse.closing();
            case "afterwards" -> abuse.afterwards();
            case "interrupts" -> abuse.interrupts();
            case "stacks" -> abuse.stacks();
            case "memory" -> abuse.memory();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        abuse.undocumented.forEach(Throwable::printStackTrace);
        System.exit(abuse.undocumented.isEmpty() ? 0 : 1);
    }

    private interface Use {
        void run() throws Exception;
    }

    private void use(Use use) {
        try {
            use.run();
        } catch (MoshiVisException | IllegalStateException e) {
            // documented
        } catch (Throwable e) {
            undocumented.add(e);
        }
    }

    private MoshiVis load() {
        return MoshiVis.load(directory, LoadOptions.defaults().maxConversations(SLOTS));
    }

    /** The model is closed by several threads while others step, look and open. */
    private void closing() throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            MoshiVis model = load();
            List<Thread> threads = new ArrayList<>();
            CountDownLatch talking = new CountDownLatch(SLOTS);
            for (int i = 0; i < SLOTS; i++) {
                threads.add(new Thread(() -> use(() -> {
                    try (Session session = model.session(picture).open()) {
                        for (int step = 0; step < 1000; step++) {
                            session.step(new float[Session.FRAME_SAMPLES]);
                            talking.countDown();
                        }
                    } finally {
                        talking.countDown();
                    }
                })));
                threads.add(new Thread(() -> {
                    for (int each = 0; each < 50; each++) {
                        use(() -> model.session(picture).open().close());
                    }
                }));
            }
            threads.forEach(Thread::start);
            talking.await();
            for (int i = 0; i < 3; i++) {
                threads.add(new Thread(() -> use(model::close)));
                threads.get(threads.size() - 1).start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** Everything is used after its end, and closed again. */
    private void afterwards() {
        for (int round = 0; round < rounds; round++) {
            MoshiVis model = load();
            Session open = model.session(picture).open();
            Session closed = model.session().open();
            SlotTicket ticket = model.ticket();
            closed.close();
            model.close();
            for (Session session : List.of(open, closed)) {
                use(() -> session.step(new float[Session.FRAME_SAMPLES]));
                use(() -> session.image(picture));
                use(session::clearImage);
                use(() -> session.update(now -> now.greedy()));
                use(session::statistics);
                use(session::close);
                use(session::close);
                use(() -> session.image(picture));
            }
            use(() -> model.session().ticket(ticket).open());
            use(ticket::again);
            use(ticket::close);
            use(() -> model.session(picture).open());
            use(model::ticket);
            use(model::statistics);
            use(model::freeSlots);
            use(model::close);
        }
    }

    /** All threads of the library are interrupted while conversations go on. */
    private void interrupts() {
        for (int round = 0; round < rounds; round++) {
            MoshiVis model = load();
            use(() -> {
                try (Session session = model.session(picture).open()) {
                    for (int step = 0; step < 10; step++) {
                        session.step(new float[Session.FRAME_SAMPLES]);
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("moshivis"))
                                .forEach(Thread::interrupt);
                    }
                }
            });
            use(() -> model.session().open().close());
            use(model::close);
        }
    }

    /** Threads with little stack load, look and step. */
    private void stacks() throws InterruptedException {
        load().close(); // a class whose initialization overflows is lost to a JVM
        for (int kilobytes : new int[] {1, 64, 128, 180, 256, 512}) {
            Thread thread = new Thread(
                    null,
                    () -> {
                        try {
                            MoshiVis model = load();
                            try (model;
                                    Session session = model.session(picture).open()) {
                                session.step(new float[Session.FRAME_SAMPLES]);
                            }
                        } catch (StackOverflowError | MoshiVisException e) {
                            // documented by Java, or what it caused
                        } catch (Throwable e) {
                            undocumented.add(e);
                        }
                    },
                    "small",
                    kilobytes * 1024L);
            thread.start();
            thread.join();
        }
    }

    /** JavaCPP allows so little native memory that loading, or a step, fails. */
    private void memory() {
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "1m");
        System.setProperty("org.bytedeco.javacpp.maxRetries", "1");
        try {
            load().close();
            undocumented.add(new AssertionError("loaded"));
        } catch (NativeException | ConversationException e) {
            if (!e.getMessage().contains("memory")) {
                undocumented.add(e);
            }
        } catch (Throwable e) {
            undocumented.add(e);
        }
    }
}
