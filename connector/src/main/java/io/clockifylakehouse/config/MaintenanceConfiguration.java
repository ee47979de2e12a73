// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.time.Duration;

/**
 * The section {@code maintenance}: how long the past stays readable.
 *
 * @param keepTags of a run's tag, and with it of the tables as they were after that run
 * @param keepSnapshots of what no tag names
 */
public record MaintenanceConfiguration(Duration keepTags, Duration keepSnapshots) {}
