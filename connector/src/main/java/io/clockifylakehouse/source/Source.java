// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Optional;

/**
 * The side that is read: slices in, pages of rows out.
 *
 * <p>Implementations are safe for use by several threads, a {@link SliceReader} by one.
 */
public interface Source {
  /** Begins to read a slice; sends nothing yet. */
  SliceReader open(Slice slice);

  /**
   * Begins to read a slice anew, in pages that begin elsewhere: what a list loses at the edge of a
   * page it does not lose there twice. Sends nothing yet.
   *
   * @param time from 1; each has pages of its own
   */
  SliceReader openInOtherPages(Slice slice, int time);

  /**
   * Reads one record by its id, through its stream's path for single records.
   *
   * @param scope the ids of its ancestors as far as that path names them
   * @return empty when the service says that it is gone (API.md section 3: 400 with code 501)
   * @throws io.clockifylakehouse.error.ConnectorException as {@link SliceReader#next} does
   */
  Optional<Row> find(StreamDefinition stream, Scope scope, String id);

  /** The pages of one slice, first to last. */
  interface SliceReader {
    /**
     * Reads the next page; call it until a page says it is the last.
     *
     * @throws io.clockifylakehouse.error.ConnectorException as {@link
     *     io.clockifylakehouse.http.Exchange#send} does (PARENT_GONE when the slice's parent is
     *     gone), and UNEXPECTED_ANSWER for an answer of the wrong shape, a repeated page, or a
     *     slice without end
     */
    Page next();
  }
}
