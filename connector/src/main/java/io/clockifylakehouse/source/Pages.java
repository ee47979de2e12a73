// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Paging;
import java.util.List;
import java.util.Set;

/**
 * Walks the pages of one slice: which one comes next, and which one was the last (API.md section
 * 4).
 *
 * <p>The place is kept as an offset in rows, so that the size of the pages may shrink on the way;
 * where the offset is no multiple of the new size, the next page begins a little earlier and
 * repeats rows, which are told apart by their key downstream. Not safe for use by several threads.
 */
final class Pages {
  private final String slice;
  private final Paging paging;
  private final int ceiling;
  private long offset;
  private int read;
  private Set<List<Object>> previousKeys = Set.of();

  /**
   * @param slice its name, for messages
   * @param ceiling pages after which a slice counts as endless
   */
  Pages(String slice, Paging paging, int ceiling) {
    this.slice = slice;
    this.paging = paging;
    this.ceiling = ceiling;
  }

  /** The number to ask for next, with pages of that many rows. */
  int number(int size) {
    return Math.toIntExact(paging.first() + offset / size);
  }

  /**
   * Takes the page that was asked for last; true when it is the slice's last.
   *
   * @param size in rows that was asked for
   * @param keys of its rows
   * @throws ConnectorException UNEXPECTED_ANSWER for a page that repeats the one before, an empty
   *     one that is said not to be the last, and for more pages than any slice can have
   */
  boolean isLast(int size, Answer answer, Set<List<Object>> keys) {
    if (paging.style() == Paging.Style.NONE) {
      return true;
    }
    read++;
    if (!keys.isEmpty() && keys.equals(previousKeys)) {
      throw fault("repeated page: page %d holds the rows of the page before it", size);
    }
    int rows = answer.rows().size();
    long begin = offset / size * size;
    boolean last =
        answer
            .lastPage()
            .orElseGet(
                () -> rows == 0 || answer.count().map(c -> begin + rows >= c).orElse(rows < size));
    if (!last && rows == 0) {
      throw fault("page %d is empty, and the service says that it is not the last", size);
    }
    if (!last && read >= ceiling) {
      throw fault("page %d is still not the last: more pages than any list has", size);
    }
    previousKeys = keys;
    offset = begin + size;
    return last;
  }

  private ConnectorException fault(String reason, int size) {
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER, slice + ": " + reason.formatted(number(size)));
  }
}
