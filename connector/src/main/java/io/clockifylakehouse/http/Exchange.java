// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

/**
 * Sends requests to the service with everything around them: authentication, the rate, retries, and
 * the verdict on each status.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Exchange {
  /**
   * Sends a request until it has an answer that can be read, within the retry limits.
   *
   * @throws io.clockifylakehouse.error.ConnectorException UNAUTHORIZED for 401, and for every
   *     request after one; FORBIDDEN for 402 and 403; PARENT_GONE for 400 with code 501; REJECTED
   *     for any other 4xx but 429; REDIRECTED for 3xx; UNAVAILABLE when retries are used up, or at
   *     once for a host that answers nobody; QUOTA when it is 429 that does not pass, and then at
   *     once for all of the workspace; INTERRUPTED when the thread is
   */
  <T> T send(Request request, BodyReader<T> reader);

  /** Requests of a workspace that were answered, and not refused for load. */
  default long answered(String workspaceId) {
    return traffic().sent() - traffic().throttled();
  }

  /** What has been sent so far. */
  Traffic traffic();
}
