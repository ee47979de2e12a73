// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.List;

/**
 * Records that come inside each record of another stream, without a request of their own.
 *
 * @param stream the stream whose records hold them
 * @param records keys from that record down to the array
 */
public record Embedded(String stream, List<String> records) {
  public Embedded {
    records = List.copyOf(records);
  }
}
