// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.time.Duration;
import java.util.Optional;

/** How one attempt of a request ended, where it did not end the request. */
sealed interface Attempt<T> {
  /** With a value. */
  record Read<T>(T value) implements Attempt<T> {}

  /**
   * With a failure that another attempt may mend.
   *
   * @param held whether the limiter holds everyone for as long as the service asked
   * @param throttled whether the service answered, with a 429
   * @param askedWait how long the service asked everyone to wait
   * @param reason for the message if no attempt does better
   */
  record Failed<T>(boolean held, boolean throttled, Optional<Duration> askedWait, String reason)
      implements Attempt<T> {}
}
