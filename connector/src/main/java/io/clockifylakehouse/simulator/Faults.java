// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What goes wrong between a client and the service. Asked for every request before it is answered,
 * outside of all locks, so it may change the {@link World} too. Implementations are safe for use by
 * several threads.
 */
public interface Faults {
  /** Nothing goes wrong. */
  Faults NONE = (number, method, target) -> new Fault.None();

  /**
   * An answer on its way.
   *
   * @param headers by their names as sent; a {@code Content-Encoding} among them says that the body
   *     is encoded already, else the simulator compresses it for a client that accepts it
   */
  record Reply(int status, Map<String, String> headers, byte[] body) {}

  /** What happens to one request. */
  sealed interface Fault {
    /** It is answered as usual. */
    record None() implements Fault {}

    /** It is answered with something else; the service never hears of it. */
    record Instead(int status, Map<String, String> headers, String body) implements Fault {}

    /**
     * The service's own answer is changed on its way.
     *
     * @param what names the change, for a story
     */
    record Changed(String what, UnaryOperator<Reply> change) implements Fault {
      @Override
      public String toString() {
        return "Changed[" + what + "]";
      }
    }

    /** The connection closes without an answer. */
    record Broken() implements Fault {}

    /** The answer is announced in full, and the connection closes after a part of its body. */
    record Cut(double share) implements Fault {}

    /** The answer comes in chunks, and the connection closes after a part, before the last one. */
    record CutChunked(double share) implements Fault {}

    /** The connection stays open, and no answer comes for as long as the service is up. */
    record Hung() implements Fault {}

    /**
     * The answer comes byte by byte.
     *
     * @param pause on the simulator's clock before each byte
     */
    record Dripping(Duration pause) implements Fault {}
  }

  /**
   * @param number of the request since the start, from 1
   * @param target path and query
   */
  Fault on(int number, String method, String target);
}
