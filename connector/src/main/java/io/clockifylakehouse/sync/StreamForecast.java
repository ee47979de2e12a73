// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.util.Optional;

/**
 * What one stream of one workspace will cost in the next sync.
 *
 * @param workspaceId empty for a stream above workspaces
 * @param requests 0 for a stream that comes inside another's records
 */
public record StreamForecast(String stream, Optional<String> workspaceId, long requests) {}
