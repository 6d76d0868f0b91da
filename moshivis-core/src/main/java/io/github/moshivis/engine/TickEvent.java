package io.github.moshivis.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A tick, for Java Flight Recorder; costs nothing while nothing is recorded. */
@Name("moshivis.Tick")
@Label("Tick")
@Description("One batched step of all conversations that had a frame; one that failed is not recorded")
@Category("MoshiVis")
@StackTrace(false)
final class TickEvent extends Event {
    @Label("Rows")
    @Description("Conversations that took part")
    int rows;

    /** Ends the event, and records it if somebody wants it. */
    void commit(int conversations) {
        end();
        if (shouldCommit()) {
            rows = conversations;
            commit();
        }
    }
}
