// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.time.Duration;

/**
 * The section {@code maintenance}: how long the past stays readable, and what {@code maintain} aims
 * at.
 *
 * @param keepTags of a run's tag, and with it of the tables as they were after that run
 * @param keepSnapshots of what no tag names
 * @param targetFileMebibytes size that data files are brought near to
 * @param orphanMinAge of a file that nothing refers to, before it goes
 */
public record MaintenanceConfiguration(
    Duration keepTags, Duration keepSnapshots, int targetFileMebibytes, Duration orphanMinAge) {}
