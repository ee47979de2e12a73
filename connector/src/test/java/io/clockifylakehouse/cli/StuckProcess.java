// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

/** A process whose command says that it is told to stop, and does not. */
public final class StuckProcess {
  private StuckProcess() {}

  /** Never ends by itself. */
  public static void main(String[] arguments) throws InterruptedException {
    Termination termination = new Termination();
    ClockifyLakehouse.endBySignal(termination);
    termination.onSignal(
        reason -> {
          System.err.println("told: " + reason);
          try {
            Thread.sleep(Long.MAX_VALUE);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    System.err.println("ready");
    Thread.sleep(Long.MAX_VALUE);
  }
}
