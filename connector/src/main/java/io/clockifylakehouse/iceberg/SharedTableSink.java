// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * The sink of a table above workspaces, which runs of different workspaces may write at the same
 * time: when another one was faster, the rows are compared once more with what the table holds
 * then. Such tables have a row for each workspace or so: all rows are kept until the commit.
 *
 * <p>Safe for use by several threads.
 */
final class SharedTableSink implements Sink {
  private static final int ATTEMPTS_MAX = 5;

  private final Supplier<IcebergSink> opening;
  private final Consumer<Supplier<Committed>> repeatable;
  private final List<Row> rows = new ArrayList<>();
  private IcebergSink sink;

  /**
   * @param opening opens a sink on the table as it is then
   * @param repeatable takes how to commit once more, for a commit that takes effect later
   */
  SharedTableSink(Supplier<IcebergSink> opening, Consumer<Supplier<Committed>> repeatable) {
    this.opening = opening;
    this.repeatable = repeatable;
    this.sink = opening.get();
  }

  @Override
  public synchronized void write(List<Row> page) {
    sink.write(page);
    rows.addAll(page);
  }

  @Override
  public synchronized Committed commit(Coverage coverage, Optional<String> state) {
    repeatable.accept(() -> commitAnew(coverage, state));
    for (int attempt = 1; ; attempt++) {
      try {
        return sink.commit(coverage, state);
      } catch (ConnectorException e) {
        if (attempt == ATTEMPTS_MAX || !(e.getCause() instanceof ValidationException)) {
          throw e;
        }
        openAnew();
      }
    }
  }

  private synchronized Committed commitAnew(Coverage coverage, Optional<String> state) {
    openAnew();
    return sink.commit(coverage, state);
  }

  private void openAnew() {
    sink = opening.get();
    sink.write(rows);
  }

  @Override
  public synchronized long heldCount() {
    return sink.heldCount();
  }

  @Override
  public synchronized long presentCount() {
    return sink.presentCount();
  }

  @Override
  public synchronized long missingCount() {
    return sink.missingCount();
  }

  @Override
  public synchronized List<MissingRow> missing(int limit) {
    return sink.missing(limit);
  }

  @Override
  public synchronized void checkShrink(Coverage coverage) {
    sink.checkShrink(coverage);
  }

  @Override
  public synchronized void close() {
    sink.close();
  }
}
