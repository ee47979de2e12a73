// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Slice;

/**
 * The side that is read: slices in, pages of rows out.
 *
 * <p>Implementations are safe for use by several threads, a {@link SliceReader} by one.
 */
public interface Source {
  /** Begins to read a slice; sends nothing yet. */
  SliceReader open(Slice slice);

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
