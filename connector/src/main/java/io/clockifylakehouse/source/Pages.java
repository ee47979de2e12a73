// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks a slice page by page, by their numbers (API.md section 4).
 *
 * <p>The place is kept as an offset in rows, so that the size of the pages may shrink on the way;
 * where the offset is no multiple of the new size, the next page begins a little earlier and
 * repeats rows, which are told apart by their key downstream. Where else a row comes twice, the
 * list has moved meanwhile, and may have lost another from sight: it is walked again. Not safe for
 * use by several threads.
 */
final class Pages implements PageWalk {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  private static final int WALKS_MAX = 3;

  private final String slice;
  private final Paging paging;
  private final int ceiling;
  private final Period bounds;
  private final Function<Row, List<Object>> key;
  private long offset;
  private int read;
  private int cap = Integer.MAX_VALUE;
  private Set<List<Object>> previousKeys = Set.of();
  private final Set<Long> seen = new HashSet<>();
  private boolean saidLast;
  private final Set<List<Object>> keysOfWalk = new HashSet<>();
  private boolean repeats;
  private int walks = 1;

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
    if (!keys.isEmpty() && !seen.add(fingerprint(keys))) {
      if (saidLast && keys.equals(previousKeys) || read == 2 && cap < size) {
        // The page before was everything: the endpoint has no pages.
        return new Step(List.of(), true);
      }
      throw PageWalk.fault(slice, asked, "repeated page: %s holds the rows of a page before it");
    }
    int rows = answer.rows().size();
    long begin = offset / asked.size() * asked.size();
    PageWalk.requireCounted(slice, asked, answer, begin);
    boolean capped = read == 1 && PageWalk.looksCapped(answer, asked.size());
    boolean last = !capped && PageWalk.ends(answer, begin, asked.size());
    saidLast = !capped && PageWalk.saysLast(answer, begin, asked.size());
    if (!last && rows == 0) {
      throw PageWalk.fault(
          slice, asked, "%s is empty, and the service says that it is not the last");
    }
    if (!last && read >= ceiling) {
      throw PageWalk.fault(slice, asked, "%s is still not the last: more pages than any list has");
    }
    cap = capped ? rows : cap;
    boolean overlaps = begin < offset;
    repeats |= !overlaps && !Collections.disjoint(keysOfWalk, keys);
    keysOfWalk.addAll(keys);
    previousKeys = keys;
    offset = begin + (capped ? rows : asked.size());
    if (last && repeats) {
      return new Step(answer.rows(), !beginsAnew());
    }
    return new Step(answer.rows(), last);
  }

  private boolean beginsAnew() {
    if (walks == WALKS_MAX) {
      LOG.warn(
          "{}: its pages repeated rows each of the {} times they were read: others may have been"
              + " missed, the next sync reads them again",
          slice,
          walks);
      return false;
    }
    walks++;
    offset = 0;
    repeats = false;
    previousKeys = Set.of();
    keysOfWalk.clear();
    seen.clear();
    return true;
  }

  /** Tells pages apart in 8 bytes each, so that a circle of pages is noticed, too. */
  private static long fingerprint(Set<List<Object>> keys) {
    long sum = keys.size();
    for (List<Object> rowKey : keys) {
      long hash = 0xCBF29CE484222325L; // FNV-1a: a String's own 32 bits would do for few pages only
      String text = rowKey.toString();
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
      }
      sum += hash ^ hash >>> 32;
    }
    return sum;
  }
}
