package io.github.moshivis.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

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

    @Label("Encode")
    @Timespan
    long encode;

    @Label("Temporal transformer")
    @Timespan
    long temporal;

    @Label("Depth transformer")
    @Timespan
    long depth;

    @Label("Decode")
    @Timespan
    long decode;

    /** Ends the event, and commits it if it is recorded. */
    void commit(int conversations, StageTimes stages) {
        end();
        if (shouldCommit()) {
            rows = conversations;
            encode = stages.encode();
            temporal = stages.temporal();
            depth = stages.depth();
            decode = stages.decode();
            commit();
        }
    }
}
