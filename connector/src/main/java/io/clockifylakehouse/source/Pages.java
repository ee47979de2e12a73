// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Walks a slice page by page, by their numbers (API.md section 4).
 *
 * <p>The place is kept as an offset in rows, so that the size of the pages may shrink on the way;
 * where the offset is no multiple of the new size, the next page begins a little earlier and
 * repeats rows, which are told apart by their key downstream. Not safe for use by several threads.
 */
final class Pages implements PageWalk {
  private final String slice;
  private final Paging paging;
  private final int ceiling;
  private final Period bounds;
  private final Function<Row, List<Object>> key;
  private long offset;
  private int read;
  private int cap = Integer.MAX_VALUE;
  private Set<List<Object>> previousKeys = Set.of();

  /**
   * @param slice its name, for messages
   * @param ceiling pages after which a slice counts as endless
   * @param bounds sent with each request
   */
  Pages(String slice, Paging paging, int ceiling, Period bounds, Function<Row, List<Object>> key) {
    this.slice = slice;
    this.paging = paging;
    this.ceiling = ceiling;
    this.bounds = bounds;
    this.key = key;
  }

  @Override
  public Question question(int size) {
    int asked = Math.min(size, cap);
    return new Question(Math.toIntExact(paging.first() + offset / asked), asked, bounds);
  }

  @Override
  public Step take(int size, Answer answer) {
    if (paging.style() == Paging.Style.NONE) {
      return new Step(answer.rows(), true);
    }
    Question asked = question(size);
    read++;
    Set<List<Object>> keys = new HashSet<>();
    answer.rows().forEach(row -> keys.add(key.apply(row)));
    if (!keys.isEmpty() && keys.equals(previousKeys)) {
      if (read == 2 && cap < size) {
        // The first page was no capped one: the endpoint has no pages, and it was everything.
        return new Step(List.of(), true);
      }
      throw PageWalk.fault(slice, asked, "repeated page: %s holds the rows of the page before it");
    }
    int rows = answer.rows().size();
    long begin = offset / asked.size() * asked.size();
    boolean capped = read == 1 && PageWalk.looksCapped(answer, asked.size());
    boolean last = !capped && PageWalk.ends(answer, begin, asked.size());
    if (!last && rows == 0) {
      throw PageWalk.fault(
          slice, asked, "%s is empty, and the service says that it is not the last");
    }
    if (!last && read >= ceiling) {
      throw PageWalk.fault(slice, asked, "%s is still not the last: more pages than any list has");
    }
    cap = capped ? rows : cap;
    previousKeys = keys;
    offset = begin + (capped ? rows : asked.size());
    return new Step(answer.rows(), last);
  }
}
