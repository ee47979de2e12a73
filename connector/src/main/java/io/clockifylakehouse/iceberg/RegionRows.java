// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Window;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A {@link Region} in the columns of a table: which data files may hold rows of it, and which rows
 * are in it. A row without a value in the window's column comes before all others.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class RegionRows {
  private final Region region;
  private final Optional<NestedField> scope;
  private final Optional<NestedField> instant;
  private final Optional<NavigableSet<CharSequence>> scopes;
  private final NavigableSet<CharSequence> whole;

  /**
   * @throws ConnectorException of code DEFECT when the stream has no such regions
   */
  RegionRows(StreamDefinition stream, Region region, Schema schema) {
    this.region = region;
    this.scope = scopeColumn(stream).map(schema::findField);
    this.instant = stream.window().map(Window::column).map(schema::findField);
    this.scopes = region.scopes().map(RegionRows::sorted);
    this.whole = sorted(region.whole());
    boolean byScope = region.scopes().isPresent() || !region.whole().isEmpty();
    boolean byTime = !region.period().equals(Period.ALWAYS);
    if (byScope && scope.isEmpty() || byTime && instant.isEmpty()) {
      throw new ConnectorException(
          ErrorCode.DEFECT, "stream " + stream.name() + " cannot be read by " + region);
    }
  }

  /** The column that holds the id of the innermost ancestor below the workspace. */
  static Optional<String> scopeColumn(StreamDefinition stream) {
    return stream.scope().stream()
        .filter(column -> !column.equals(Scope.WORKSPACE))
        .reduce((outer, inner) -> inner);
  }

  private static NavigableSet<CharSequence> sorted(Collection<String> ids) {
    NavigableSet<CharSequence> sorted = new TreeSet<>(Comparators.charSequences());
    sorted.addAll(ids);
    return sorted;
  }

  boolean isEverything() {
    return region.equals(Region.ALL);
  }

  /** True when the region is some scopes of a load that is committed in portions. */
  boolean isPortion() {
    return region.scopes().isPresent();
  }

  /** The columns that {@link #contains} looks at. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    scope.ifPresent(column -> columns.add(column.name()));
    if (!region.period().equals(Period.ALWAYS)) {
      instant.ifPresent(column -> columns.add(column.name()));
    }
    return columns;
  }

  /** False when no row of the file is in the region. */
  boolean mayHold(DataFile file) {
    if (isEverything()) {
      return true;
    }
    if (scope.isPresent()) {
      ColumnBounds bounds = ColumnBounds.of(file, scope.get());
      if (bounds.mayMeet(whole)) {
        return true;
      }
      if (scopes.isPresent() && !bounds.mayMeet(scopes.get())) {
        return false;
      }
    }
    Period period = region.period();
    if (period.equals(Period.ALWAYS)) {
      return true;
    }
    ColumnBounds bounds = ColumnBounds.of(file, instant.get());
    return bounds.mayMeet(instant.get(), period.fromMicros(), period.toMicros())
        || bounds.nulls() && period.contains(Long.MIN_VALUE);
  }

  /** Where the columns that are looked at are in records of a projection. */
  record Positions(int scope, int instant) {
    String scopeId(Record record) {
      Object id = scope < 0 ? null : record.get(scope);
      return id == null ? "" : id.toString();
    }
  }

  Positions positions(Schema projection) {
    return new Positions(position(projection, scope), position(projection, instant));
  }

  private static int position(Schema projection, Optional<NestedField> column) {
    return column
        .filter(field -> projection.findField(field.name()) != null)
        .map(field -> WorkspaceScan.position(projection, field.name()))
        .orElse(-1);
  }

  boolean contains(Record record, Positions at) {
    if (isEverything()) {
      return true;
    }
    Object micros = at.instant() < 0 ? null : record.get(at.instant());
    return region.contains(at.scopeId(record), micros == null ? Long.MIN_VALUE : (Long) micros);
  }
}
