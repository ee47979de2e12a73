// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.io.IOException;

/**
 * The one seam to the network: a request in, an answer of any status out.
 *
 * <p>Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface Transport {
  /**
   * Sends one request once and reads the whole answer.
   *
   * @throws IOException for every failure to connect, send, or read the body whole within limits
   * @throws InterruptedException when the thread is interrupted while waiting
   */
  Response send(Request request) throws IOException, InterruptedException;
}
