// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
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
import java.util.Optional;
import java.util.Set;

/** A destination that tells a script where a run has come to; the script may throw there. */
final class ScriptedDestination implements Destination {
  /** A place in a run. */
  enum Stage {
    ANY,
    OPEN,
    WRITE,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_TAG,
    AFTER_TAG,
    AFTER_RECORD
  }

  /** What happens at a stage; called by several threads. */
  interface Script {
    void at(Stage stage, String stream, Optional<String> workspaceId);
  }

  private final Destination destination;
  private final Script script;

  ScriptedDestination(Destination destination, Script script) {
    this.destination = destination;
    this.script = script;
  }

  private void at(Stage stage) {
    script.at(stage, "", Optional.empty());
  }

  @Override
  public void checkWritable() {
    at(Stage.ANY);
    destination.checkWritable();
  }

  @Override
  public void prepare(Collection<StreamDefinition> streams) {
    at(Stage.ANY);
    destination.prepare(streams);
  }

  @Override
  public Set<String> values(StreamDefinition stream, String workspaceId, String column) {
    at(Stage.ANY);
    return destination.values(stream, workspaceId, column);
  }

  @Override
  public Optional<String> state(StreamDefinition stream, Optional<String> workspaceId) {
    at(Stage.ANY);
    return destination.state(stream, workspaceId);
  }

  @Override
  public Sink open(
      StreamDefinition stream, Optional<String> workspaceId, Region region, SyncStamp stamp) {
    script.at(Stage.OPEN, stream.name(), workspaceId);
    Sink sink = destination.open(stream, workspaceId, region, stamp);
    return new ScriptedSink(sink, stream.name(), workspaceId);
  }

  @Override
  public Optional<Transaction> begin(SyncStamp stamp) {
    return destination.begin(stamp).map(ScriptedTransaction::new);
  }

  private final class ScriptedTransaction implements Transaction {
    private final Transaction transaction;

    ScriptedTransaction(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public Sink open(StreamDefinition stream, Optional<String> workspaceId, Region region) {
      script.at(Stage.OPEN, stream.name(), workspaceId);
      Sink sink = transaction.open(stream, workspaceId, region);
      return new ScriptedSink(sink, stream.name(), workspaceId);
    }

    @Override
    public List<Revision> commit(Optional<Cut> cut, List<SyncRunRow> rows) {
      at(Stage.BEFORE_TAG);
      List<Revision> revisions = transaction.commit(cut, rows);
      at(Stage.AFTER_RECORD);
      return revisions;
    }

    @Override
    public void close() {
      transaction.close();
    }
  }

  @Override
  public Lock lock(SyncStamp stamp, Optional<String> workspaceId, Duration wait, Time time) {
    return destination.lock(stamp, workspaceId, wait, time);
  }

  @Override
  public void compact(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp) {
    at(Stage.ANY);
    destination.compact(stream, workspaceId, stamp);
  }

  @Override
  public void expire(Collection<StreamDefinition> streams, SyncStamp stamp, Duration retention) {
    at(Stage.ANY);
    destination.expire(streams, stamp, retention);
  }

  @Override
  public void tag(
      Collection<StreamDefinition> streams, SyncStamp stamp, Instant now, Duration keep) {
    at(Stage.BEFORE_TAG);
    destination.tag(streams, stamp, now, keep);
    at(Stage.AFTER_TAG);
  }

  @Override
  public void record(SyncStamp stamp, List<SyncRunRow> rows) {
    at(Stage.ANY);
    destination.record(stamp, rows);
    at(Stage.AFTER_RECORD);
  }

  @Override
  public void stop() {
    destination.stop();
  }

  @Override
  public void record(List<VerificationRow> rows, SyncStamp stamp) {
    destination.record(rows, stamp);
  }

  @Override
  public List<TableCare> maintain(
      Collection<StreamDefinition> streams, MaintenancePlan plan, SyncStamp stamp) {
    return destination.maintain(streams, plan, stamp);
  }

  @Override
  public Inspection inspection() {
    return destination.inspection();
  }

  @Override
  public String location(StreamDefinition stream) {
    return destination.location(stream);
  }

  @Override
  public void close() {
    destination.close();
  }

  private final class ScriptedSink implements Sink {
    private final Sink sink;
    private final String stream;
    private final Optional<String> workspaceId;

    ScriptedSink(Sink sink, String stream, Optional<String> workspaceId) {
      this.sink = sink;
      this.stream = stream;
      this.workspaceId = workspaceId;
    }

    @Override
    public void write(List<Row> rows) {
      script.at(Stage.WRITE, stream, workspaceId);
      sink.write(rows);
    }

    @Override
    public long heldCount() {
      return sink.heldCount();
    }

    @Override
    public long presentCount() {
      return sink.presentCount();
    }

    @Override
    public long missingCount() {
      return sink.missingCount();
    }

    @Override
    public List<MissingRow> missing(int limit) {
      return sink.missing(limit);
    }

    @Override
    public void checkShrink(Coverage coverage) {
      sink.checkShrink(coverage);
    }

    @Override
    public boolean follow(Sink before) {
      return sink.follow(((ScriptedSink) before).sink);
    }

    @Override
    public Committed commit(Coverage coverage, Optional<String> state) {
      script.at(Stage.BEFORE_COMMIT, stream, workspaceId);
      Committed committed = sink.commit(coverage, state);
      script.at(Stage.AFTER_COMMIT, stream, workspaceId);
      return committed;
    }

    @Override
    public void close() {
      sink.close();
    }
  }
}
