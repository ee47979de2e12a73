// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.List;

/**
 * A stopped time entry, as the sums see it. Names are positions in the {@link Directory}.
 *
 * @param day of its start in the report's time zone, in days since 1970-01-01: an entry over
 *     midnight counts for the day on which it starts, as in Clockify's own reports
 * @param tags ascending; never empty, for there is a tag that stands for none
 * @param seconds its length
 */
record Entry(
    int workspace,
    int project,
    int person,
    List<Integer> tags,
    Kind kind,
    boolean billable,
    Rate rate,
    int day,
    long seconds) {}
