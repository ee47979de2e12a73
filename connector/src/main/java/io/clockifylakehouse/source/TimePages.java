// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Walks a slice whose rows come newest first, and goes on by time where it can: pages by number
 * lose rows when others are deleted while they are read, a bound on time does not (API.md sections
 * 4 and 7.9).
 *
 * <p>All rows later than {@link #oldest} are known. The next request asks for the first page before
 * it, padded by {@link Bounds}; what comes again is told apart by {@link #overlap}. Where more than
 * half of that page would come again, the next page by number is asked for instead, laid over the
 * end of the one before: when it begins with a row of that one, no row can lie between the two.
 * When it does not, rows have gone, and the walk begins anew at the oldest row known. Only pages of
 * a few rows can be impossible to lay over each other; they follow each other without that proof.
 *
 * <p>Holds the rows of two days, and those of a page whose next is asked for by number. Not safe
 * for use by several threads.
 */
final class TimePages implements PageWalk {
  /** Pages by number are laid over each other by one row in so many. */
  private static final int OVERLAY_SHARE = 50;

  /** Page numbers tried for the one that reaches furthest. */
  private static final int NUMBERS_TRIED = 4;

  private final String slice;
  private final Paging paging;
  private final int ceiling;
  private final Period period;
  private final int column;
  private final Function<Row, List<Object>> key;

  private final Map<List<Object>, Row> overlap = new HashMap<>();
  private Map<List<Object>, Row> previous = Map.of();
  private Optional<Row> previousFirst = Optional.empty();
  private Optional<Pages> plain = Optional.empty();
  private Period bounds;
  private long known;
  private long oldest = Long.MAX_VALUE;
  private int cap = Integer.MAX_VALUE;
  private int read;
  private boolean saidLast;

  /**
   * @param slice its name, for messages
   * @param ceiling pages after which a slice counts as endless
   * @param period whose rows are wanted; rows around it come along
   * @param column position of the window column, which no row leaves empty
   */
  TimePages(
      String slice,
      Paging paging,
      int ceiling,
      Period period,
      int column,
      Function<Row, List<Object>> key) {
    this.slice = slice;
    this.paging = paging;
    this.ceiling = ceiling;
    this.period = period;
    this.column = column;
    this.key = key;
    this.bounds = Bounds.around(period);
  }

  @Override
  public Question question(int size) {
    if (plain.isPresent()) {
      return plain.get().question(size);
    }
    int most = Math.min(size, cap);
    long page = known / most;
    int rows = most;
    long begin = known - Math.max(1, most / OVERLAY_SHARE);
    long reach = known;
    for (long n = begin / most; n <= begin / most + NUMBERS_TRIED && known > 0; n++) {
      int fitting = n == 0 ? most : (int) Math.min(most, begin / n);
      if ((n + 1) * fitting > reach) {
        page = n;
        rows = fitting;
        reach = (n + 1) * fitting;
      }
    }
    return new Question(Math.toIntExact(paging.first() + page), rows, bounds);
  }

  @Override
  public Step take(int size, Answer answer) {
    if (plain.isPresent()) {
      return plain.get().take(size, answer);
    }
    if (!newestFirst(answer.rows())) {
      return takeUnordered(size, answer);
    }
    Question asked = question(size);
    long begin = (long) (asked.page() - paging.first()) * asked.size();
    boolean first = read++ == 0;
    boolean capped = first && PageWalk.looksCapped(answer, asked.size());
    boolean ends = !capped && PageWalk.ends(answer, begin, asked.size());
    if (!ends && saidLast && repeats(answer.rows())) {
      return new Step(fresh(answer.rows()), true); // the endpoint has no pages
    }
    saidLast = !capped && PageWalk.saysLast(answer, begin, asked.size());
    check(asked, answer, ends);
    boolean proven = begin == 0 || begin >= known || continues(answer.rows());
    if (first && ends) {
      return new Step(answer.rows(), true);
    }
    List<Row> fresh = fresh(answer.rows());
    previousFirst = answer.rows().stream().findFirst();
    if (!proven) {
      answer.rows().forEach(row -> overlap.put(key.apply(row), row));
      restart();
      return new Step(fresh, false);
    }
    if (answer.rows().isEmpty()) {
      return new Step(fresh, true);
    }
    oldest = Math.min(oldest, start(answer.rows().get(answer.rows().size() - 1)));
    if (ends || oldest < period.fromMicros()) {
      return new Step(fresh, true);
    }
    if (answer.rows().size() < asked.size()) {
      cap = answer.rows().size();
    }
    goOn(answer.rows(), begin + answer.rows().size(), Math.min(size, cap));
    return new Step(fresh, false);
  }

  private void check(Question asked, Answer answer, boolean ends) {
    if (ends) {
      return;
    }
    if (answer.rows().isEmpty()) {
      throw PageWalk.fault(
          slice, asked, "%s is empty, and the service says that it is not the last");
    }
    if (repeats(answer.rows())) {
      throw PageWalk.fault(
          slice, asked, "repeated page: %s begins with the same record as the page before it");
    }
    if (read >= ceiling) {
      throw PageWalk.fault(slice, asked, "%s is still not the last: more pages than any list has");
    }
  }

  private boolean repeats(List<Row> rows) {
    return !rows.isEmpty() && previousFirst.map(key).equals(Optional.of(firstKey(rows)));
  }

  /** True when the page begins with a row of the page before, so that none lies between. */
  private boolean continues(List<Row> rows) {
    if (rows.isEmpty()) {
      return false;
    }
    Row before = previous.get(firstKey(rows));
    return before != null && start(before) == start(rows.get(0));
  }

  /** The rows of a page that did not come before just as they are. */
  private List<Row> fresh(List<Row> rows) {
    if (overlap.isEmpty() && previous.isEmpty()) {
      return rows;
    }
    List<Row> fresh = new ArrayList<>();
    for (Row row : rows) {
      List<Object> rowKey = key.apply(row);
      Row before = overlap.getOrDefault(rowKey, previous.get(rowKey));
      if (!row.equals(before)) {
        fresh.add(row);
      }
    }
    return fresh;
  }

  /** Chooses between time and number once the oldest row is known. */
  private void goOn(List<Row> rows, long read, int size) {
    long latest = oldest + Bounds.OVERLAP_MICROS;
    overlap.values().removeIf(row -> start(row) > latest);
    for (Row row : rows) {
      if (start(row) <= latest) {
        overlap.put(key.apply(row), row);
      }
    }
    long again = overlap.values().stream().filter(row -> start(row) >= oldest).count();
    if (2 * again <= size) {
      // Only a record too late for the bound proves by coming first again that nobody heeds it.
      previousFirst = previousFirst.filter(row -> start(row) > latest);
      continueByTime();
    } else {
      known = read;
      previous = new HashMap<>();
      rows.forEach(row -> previous.put(key.apply(row), row));
    }
  }

  /** What comes again then is later than the oldest row by the overlap at most. */
  private void continueByTime() {
    previous = Map.of();
    bounds = new Period(bounds.fromMicros(), Math.min(bounds.toMicros(), Bounds.end(oldest)));
    known = 0;
  }

  private void restart() {
    continueByTime();
    previousFirst = Optional.empty();
  }

  private boolean newestFirst(List<Row> rows) {
    for (int i = 1; i < rows.size(); i++) {
      if (start(rows.get(i)) > start(rows.get(i - 1))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A service, or a time to come, that lists in another order: the oldest row says nothing about
   * those that follow, so only the pages' numbers are left. Unless it shows in the first page, all
   * is read again, for what the order was believed to prove has not been proven.
   */
  private Step takeUnordered(int size, Answer answer) {
    Pages pages = new Pages(slice, paging, ceiling, Bounds.around(period), key);
    plain = Optional.of(pages);
    overlap.clear();
    previous = Map.of();
    return read == 0 ? pages.take(size, answer) : new Step(answer.rows(), false);
  }

  private List<Object> firstKey(List<Row> rows) {
    return key.apply(rows.get(0));
  }

  private long start(Row row) {
    return (Long) row.get(column);
  }
}
