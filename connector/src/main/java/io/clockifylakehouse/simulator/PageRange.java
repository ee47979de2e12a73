// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.List;

/**
 * Which rows of a list a request wants (API.md section 4). Immutable.
 *
 * @param page from 1
 * @param size rows per page, at least 1
 */
record PageRange(int page, int size) {
  private long first() {
    return (page - 1L) * size;
  }

  /** The rows of this page; none past the end. */
  <T> List<T> of(List<T> rows) {
    int from = (int) Math.min(rows.size(), first());
    return rows.subList(from, (int) Math.min(rows.size(), (long) from + size));
  }

  int skipped(int total) {
    return (int) Math.min(total, first());
  }

  Answer marked(Answer answer, int total) {
    return answer.with("Last-Page", Boolean.toString(first() + size >= total));
  }
}
