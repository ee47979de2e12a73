// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one answer held.
 *
 * @param rows of the slice's stream, in the order sent
 * @param embedded rows of each stream that comes inside the records, by stream name
 * @param count of all records of the slice, where the answer tells it
 * @param lastPage what the {@code Last-Page} header says; empty without a readable one
 */
record Answer(
    List<Row> rows,
    Map<String, List<Row>> embedded,
    Drift drift,
    Optional<Long> count,
    Optional<Boolean> lastPage) {}
