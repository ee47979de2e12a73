// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

/** A server that can go away and come back at the same port with the same data. */
public interface RestartableServer extends AutoCloseable {
  int port();

  /** Ends it without a word. */
  void kill();

  /** Starts it again; returns when it answers. */
  void comeBack();

  @Override
  void close();
}
