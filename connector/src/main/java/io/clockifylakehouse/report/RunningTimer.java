// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.Instant;

/** A timer that ran when the tables were synced; it is in no total, for it has no end. */
record RunningTimer(
    int workspace, int project, int person, String description, boolean billable, Instant since) {}
