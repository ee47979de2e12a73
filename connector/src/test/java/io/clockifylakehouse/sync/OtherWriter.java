// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import io.clockifylakehouse.time.Time;
import java.util.List;
import java.util.Optional;

/**
 * Another run, of a workspace that the service does not have: it commits to each table just before
 * the run under test does.
 */
final class OtherWriter implements ScriptedDestination.Script, AutoCloseable {
  private static final String WORKSPACE = "aaaaaaaaaaaaaaaaaaaaaaaa";

  private final Destination destination;
  private final Time time;
  private int commits;

  OtherWriter(IcebergSettings settings, Time time) {
    this.destination = IcebergDestination.open(settings);
    this.time = time;
  }

  @Override
  public synchronized void at(
      ScriptedDestination.Stage stage, String stream, Optional<String> workspaceId) {
    if (stage != ScriptedDestination.Stage.BEFORE_COMMIT || workspaceId.isEmpty()) {
      return;
    }
    commits++;
    StreamDefinition definition = TestSync.CATALOG.stream(stream);
    SyncStamp stamp = new SyncStamp("other-" + commits, time.now());
    try (Sink sink = destination.open(definition, Optional.of(WORKSPACE), stamp)) {
      sink.write(List.of(row(definition, "key " + time.nanos() + " " + commits)));
      sink.commit(Coverage.WHOLE);
    }
  }

  private Row row(StreamDefinition stream, String text) {
    Row row = new Row(stream.columns().size());
    for (int i = 0; i < stream.columns().size(); i++) {
      String column = stream.columns().get(i).name();
      Type type = stream.columns().get(i).type();
      if (column.equals(Scope.WORKSPACE)) {
        row.set(i, WORKSPACE);
      } else if (type == Type.Primitive.STRING) {
        row.set(i, text);
      } else if (type == Type.Primitive.TIMESTAMP) {
        row.set(i, time.now().getEpochSecond() * 1_000_000);
      } else if (type == Type.Primitive.LONG || type == Type.Primitive.INT) {
        row.set(i, type == Type.Primitive.LONG ? (Object) 1L : (Object) 1);
      }
    }
    return row;
  }

  int commits() {
    return commits;
  }

  @Override
  public void close() {
    destination.close();
  }
}
