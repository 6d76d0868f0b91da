package io.github.moshivis.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.runtime.BoxedUnit;

/** Rows of a job, computed on the executors and written as Parquet. */
final class ResultTable {
    private ResultTable() {}

    /** Starts work on an input, on an executor. */
    @FunctionalInterface
    interface Work<T> extends Serializable {
        /**
         * Starts the work.
         *
         * @param input the input
         * @param configuration configuration of Hadoop
         * @return the row
         */
        Future<Row> begin(T input, Configuration configuration);
    }

    /**
     * Computes a row for each input and writes them.
     *
     * @param job divides the inputs among tasks, and names the directory of Parquet files, on any file system
     * @param inputs small: names of files, not their content
     */
    static <T> void write(SparkSession spark, JobOptions job, List<T> inputs, Work<T> work, StructType schema) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        int conversations = job.conversations();
        FlatMapFunction<Iterator<T>, Row> rows = partition -> {
            Configuration configuration = hadoop.value().value();
            Ahead<T, Row> ahead = new Ahead<>(partition, input -> work.begin(input, configuration), conversations);
            TaskContext.get().addTaskCompletionListener(ended -> {
                ahead.cancel();
                return BoxedUnit.UNIT;
            });
            return ahead;
        };
        int partitions =
                Math.max(1, Math.min(inputs.size(), job.tasks() > 0 ? job.tasks() : context.defaultParallelism()));
        spark.createDataFrame(context.parallelize(inputs, partitions).mapPartitions(rows), schema)
                .write()
                .parquet(job.out());
    }
}
