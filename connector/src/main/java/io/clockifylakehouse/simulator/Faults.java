// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.Map;

/**
 * What goes wrong between a client and the service. Asked for every request before it is answered,
 * outside of all locks, so it may change the {@link World} too. Implementations are safe for use by
 * several threads.
 */
public interface Faults {
  /** Nothing goes wrong. */
  Faults NONE = (number, method, target) -> new Fault.None();

  /** What happens to one request. */
  sealed interface Fault {
    /** It is answered as usual. */
    record None() implements Fault {}

    /** It is answered with something else. */
    record Instead(int status, Map<String, String> headers, String body) implements Fault {}

    /** The connection closes without an answer. */
    record Broken() implements Fault {}

    /** The answer is announced in full, and the connection closes after a part of its body. */
    record Cut(double share) implements Fault {}
  }

  /**
   * @param number of the request since the start, from 1
   * @param target path and query
   */
  Fault on(int number, String method, String target);
}
