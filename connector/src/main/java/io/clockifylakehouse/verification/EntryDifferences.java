// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.Difference;
import io.clockifylakehouse.destination.Difference.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The entries of one window at the service and in the table, compared one by one. Pure.
 *
 * @param rows those that differ, and what each means
 */
record EntryDifferences(List<Judged> rows) {

  /** A differing row and what it means. */
  record Judged(Difference difference, Agreement agreement) {}

  /**
   * An entry as the table has it.
   *
   * @param seconds null where the table has none
   */
  record Stored(String userId, long startMicros, boolean running, Long seconds) {}

  /** When an entry of a user with a start was last to be seen. */
  interface Sights {
    Sight of(String userId, long startMicros);
  }

  /**
   * @param service the entries that start in the window, by the report
   * @param stored the table's entries that start in the window, by id
   * @param elsewhere entries of the report that the table has outside of the window, by id
   * @param doubled ids that the table has more than once in the window
   * @param altered ids of stored rows that are not what a sync wrote
   */
  static EntryDifferences between(
      List<ServiceFigures.Entry> service,
      Map<String, Stored> stored,
      Map<String, Stored> elsewhere,
      Set<String> doubled,
      Set<String> altered,
      Sights sights) {
    List<Judged> rows = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ServiceFigures.Entry entry : service) {
      seen.add(entry.id());
      Optional<Stored> row =
          Optional.ofNullable(stored.get(entry.id()))
              .or(() -> Optional.ofNullable(elsewhere.get(entry.id())));
      Sight sight = sights.of(entry.userId(), entry.startMicros());
      if (row.isEmpty()) {
        rows.add(judged(entry.id(), Kind.MISSING, sight.missing(entry.id())));
      } else if (!isSame(entry, row.get())) {
        rows.add(differing(entry, row.get(), altered.contains(entry.id()), sight));
      }
    }
    stored.forEach(
        (id, row) -> {
          if (!seen.contains(id) && !row.running()) {
            boolean changed = altered.contains(id);
            rows.add(judged(id, Kind.SURPLUS, changed ? Agreement.DIFFERENT : Agreement.UNDECIDED));
          }
        });
    doubled.forEach(id -> rows.add(judged(id, Kind.DOUBLED, Agreement.DIFFERENT)));
    return new EntryDifferences(List.copyOf(rows));
  }

  private static boolean isSame(ServiceFigures.Entry entry, Stored row) {
    if (entry.startMicros() != row.startMicros()) {
      return false;
    }
    boolean runs = entry.endMicros().isEmpty();
    return runs || row.running()
        ? runs == row.running()
        : row.seconds() != null && row.seconds() == entry.seconds();
  }

  private static Judged differing(
      ServiceFigures.Entry entry, Stored row, boolean altered, Sight sight) {
    if (altered) {
      return judged(entry.id(), Kind.ALTERED, Agreement.DIFFERENT);
    }
    boolean stoppedSince =
        row.running()
            && entry.startMicros() == row.startMicros()
            && entry.endMicros().map(TimeWindow::instant).map(sight::isAfter).orElse(false);
    return judged(entry.id(), Kind.STALE, stoppedSince ? Agreement.CHANGED : Agreement.UNDECIDED);
  }

  private static Judged judged(String id, Kind kind, Agreement agreement) {
    return new Judged(new Difference(id, kind), agreement);
  }

  Agreement agreement() {
    return rows.stream().map(Judged::agreement).reduce(Agreement.EQUAL, Agreement::or);
  }
}
