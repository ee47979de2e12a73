// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/**
 * The right to write a workspace, or all tables. Safe for use by several threads.
 *
 * <p>A lock may be a lease: then {@link #renew} must be called more often than it lasts, which is
 * some minutes. Every commit renews it too.
 */
public interface Lock extends AutoCloseable {
  /**
   * Keeps the lock alive; cheap unless a good part of a lease has passed, so call it on every page.
   *
   * @throws io.clockifylakehouse.error.ConnectorException of code LOCKED when another run has taken
   *     it over meanwhile
   */
  void renew();

  /** Gives it back. Harmless when called again, or when it was lost. */
  @Override
  void close();
}
