// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Row;
import java.util.List;
import java.util.Map;

/**
 * The rows of one answer.
 *
 * @param rows of the slice's stream, in the order sent
 * @param embedded rows of the streams that came inside the records, by stream name
 * @param drift what did not fit the schema
 * @param last true when the slice is read to its end
 */
public record Page(List<Row> rows, Map<String, List<Row>> embedded, Drift drift, boolean last) {}
