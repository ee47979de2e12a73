// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import java.util.List;
import java.util.Set;

/**
 * The way through one slice: what to ask next, and what an answer means for it. A state machine
 * without clock and socket. Not safe for use by several threads.
 */
sealed interface PageWalk permits Pages, TimePages {
  /** Sizes at which services cap a page, the defaults for an unheard size among them. */
  Set<Integer> CAPS = Set.of(10, 20, 50, 100, 200, 500, 1000, 2000);

  /**
   * What an answer brought.
   *
   * @param rows of it that are new to the slice, or not the same as when they came before
   * @param last true when the slice is read to its end
   */
  record Step(List<Row> rows, boolean last) {}

  /** What to ask for next, with pages of at most that many rows; the same until the answer. */
  Question question(int size);

  /**
   * Takes the answer to {@link #question}.
   *
   * @param size that the question was made with
   * @throws ConnectorException UNEXPECTED_ANSWER for a page that repeats the one before, an empty
   *     one that is said not to be the last, and for more pages than any slice can have
   */
  Step take(int size, Answer answer);

  /**
   * True when the service says, or a short page shows, that a page is the last one of what was
   * asked (API.md section 4). A count that is less than what came is no count of all.
   *
   * @param begin rows before it
   * @param size rows asked for
   */
  static boolean saysLast(Answer answer, long begin, int size) {
    int rows = answer.rows().size();
    return answer
        .lastPage()
        .orElseGet(
            () ->
                rows == 0
                    || answer
                        .count()
                        .filter(count -> count >= begin + rows)
                        .map(count -> count == begin + rows)
                        .orElse(rows < size));
  }

  /**
   * True when a page is the last one for certain: of a page that is just full nobody's word is
   * taken for it, for a lost page would go unnoticed. One more request shows it.
   */
  static boolean ends(Answer answer, long begin, int size) {
    return saysLast(answer, begin, size) && answer.rows().size() != size;
  }

  /**
   * True when the first page of a slice may be short only because the service caps the size in
   * silence: nothing tells the end, and the rows are a round number. One more request shows it.
   */
  static boolean looksCapped(Answer answer, int size) {
    int rows = answer.rows().size();
    return answer.lastPage().isEmpty()
        && answer.count().isEmpty()
        && rows < size
        && CAPS.contains(rows);
  }

  /**
   * Refuses a first page that is empty beside a count of records: which of the two is true, nobody
   * knows, and believing the page would empty the table.
   *
   * @param begin rows before it
   */
  static void requireCounted(String slice, Question asked, Answer answer, long begin) {
    if (begin == 0 && answer.rows().isEmpty() && answer.count().orElse(0L) > 0) {
      throw fault(
          slice, asked, "%s is empty beside a count of " + answer.count().get() + " records");
    }
  }

  /**
   * A failure that names the slice and the page.
   *
   * @param reason with {@code %s} for the page
   */
  static ConnectorException fault(String slice, Question asked, String reason) {
    String page = "page " + asked.page() + Bounds.text(asked.bounds());
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER, slice + ": " + reason.formatted(page));
  }
}
