// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

/** How one attempt of a request ended, where it did not end the request. */
sealed interface Attempt<T> {
  /** With a value. */
  record Read<T>(T value) implements Attempt<T> {}

  /**
   * With a failure that another attempt may mend.
   *
   * @param held whether the limiter holds everyone for as long as the service asked
   * @param load whether the service complained of load
   * @param reason for the message if no attempt does better
   */
  record Failed<T>(boolean held, boolean load, String reason) implements Attempt<T> {}
}
