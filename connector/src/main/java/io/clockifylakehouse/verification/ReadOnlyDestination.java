// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Comparison;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.Transaction;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tables that a sync may run against without changing them: its rows are compared where they would
 * be written. Needs no lock. Safe for use by several threads.
 */
final class ReadOnlyDestination implements Destination {
  private final Destination tables;
  private final Map<Place, Comparison> comparisons = new ConcurrentHashMap<>();

  /** One stream of one workspace, or above workspaces. */
  record Place(String stream, Optional<String> workspaceId) {}

  ReadOnlyDestination(Destination tables) {
    this.tables = tables;
  }

  /** The comparisons that were opened. */
  Map<Place, Comparison> comparisons() {
    return Map.copyOf(comparisons);
  }

  @Override
  public Sink open(
      StreamDefinition stream, Optional<String> workspaceId, Region region, SyncStamp stamp) {
    Optional<Comparison> comparison = tables.inspection().comparison(stream, workspaceId);
    comparison.ifPresent(c -> comparisons.put(new Place(stream.name(), workspaceId), c));
    return comparison.map(Sink.class::cast).orElseGet(NoTable::new);
  }

  @Override
  public Optional<Transaction> begin(SyncStamp stamp) {
    return Optional.empty();
  }

  @Override
  public Set<String> values(StreamDefinition stream, String workspaceId, String column) {
    return tables.values(stream, workspaceId, column);
  }

  @Override
  public Optional<String> state(StreamDefinition stream, Optional<String> workspaceId) {
    return tables.state(stream, workspaceId);
  }

  @Override
  public Inspection inspection() {
    return tables.inspection();
  }

  @Override
  public String location(StreamDefinition stream) {
    return tables.location(stream);
  }

  @Override
  public Lock lock(SyncStamp stamp, Optional<String> workspaceId, Duration wait, Time time) {
    return new NoLock();
  }

  @Override
  public void checkWritable() {}

  @Override
  public void prepare(Collection<StreamDefinition> streams) {}

  @Override
  public void compact(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp) {}

  @Override
  public void expire(Collection<StreamDefinition> streams, SyncStamp stamp, Duration retention) {}

  @Override
  public void tag(
      Collection<StreamDefinition> streams, SyncStamp stamp, Instant now, Duration kept) {}

  @Override
  public void record(SyncStamp stamp, List<SyncRunRow> rows) {}

  @Override
  public void record(List<VerificationRow> rows, SyncStamp stamp) {}

  @Override
  public List<TableCare> maintain(
      Collection<StreamDefinition> streams, MaintenancePlan plan, SyncStamp stamp) {
    return List.of();
  }

  @Override
  public void stop() {}

  @Override
  public void close() {}

  private record NoLock() implements Lock {
    @Override
    public void renew() {}

    @Override
    public void close() {}
  }

  /** Stands where there is no table to compare with. */
  private static final class NoTable implements Sink {
    @Override
    public void write(List<Row> rows) {}

    @Override
    public long heldCount() {
      return 0;
    }

    @Override
    public long presentCount() {
      return 0;
    }

    @Override
    public long missingCount() {
      return 0;
    }

    @Override
    public List<MissingRow> missing(int limit) {
      return List.of();
    }

    @Override
    public void checkShrink(Coverage coverage) {}

    @Override
    public Committed commit(Coverage coverage, Optional<String> state) {
      return new Committed(RowCounts.NONE, OptionalLong.empty());
    }

    @Override
    public void close() {}
  }
}
