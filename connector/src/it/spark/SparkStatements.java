// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session that runs one statement a line and answers each with one line: its rows as a JSON
 * array, or {@code !} and what went wrong. Run from source, with Spark's own class path.
 */
public final class SparkStatements {
  private SparkStatements() {}

  /**
   * @param arguments the warehouse of a Hadoop catalog, named {@code lakehouse}
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
            .config("spark.sql.catalog.lakehouse", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.lakehouse.type", "hadoop")
            .config("spark.sql.catalog.lakehouse.warehouse", arguments[0])
            // Each statement sees what the connector has committed meanwhile.
            .config("spark.sql.catalog.lakehouse.cache-enabled", "false")
            .config("spark.sql.defaultCatalog", "lakehouse")
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("ERROR");
      BufferedReader statements =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = statements.readLine(); line != null; line = statements.readLine()) {
        answers.println(answer(spark, line));
      }
    }
  }

  private static String answer(SparkSession spark, String statement) {
    try {
      return spark.sql(statement).toJSON().collectAsList().toString();
    } catch (Exception e) {
      return "! " + e.toString().replace('\n', ' ');
    }
  }
}
