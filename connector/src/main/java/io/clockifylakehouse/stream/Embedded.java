// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.List;

/**
 * Records that come inside each record of another stream, without a request of their own.
 *
 * <p>The scope of such a row comes from the row it lies in: the last scope column is that row's
 * {@link #ID}, the others are its columns of the same name.
 *
 * @param stream the stream whose records hold them
 * @param records keys from that record down to the array
 */
public record Embedded(String stream, List<String> records) {
  /** The column of the embedding row that fills the last scope column. */
  public static final String ID = "id";

  public Embedded {
    records = List.copyOf(records);
  }
}
