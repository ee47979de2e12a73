// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.util.Optional;

/** The death of a process at a stage: from then on nothing reaches the destination. */
final class Death implements ScriptedDestination.Script {
  /** What a dead process cannot do. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
      super("the process is dead");
    }
  }

  private final ScriptedDestination.Stage stage;
  private int left;
  private boolean dead;

  /**
   * @param times how often the stage is come to; {@code ANY} counts every stage
   */
  Death(ScriptedDestination.Stage stage, int times) {
    this.stage = stage;
    this.left = stage == ScriptedDestination.Stage.ANY ? 4 * times : isOnce(stage) ? 1 : times;
  }

  private static boolean isOnce(ScriptedDestination.Stage stage) {
    return switch (stage) {
      case BEFORE_TAG, AFTER_TAG, AFTER_RECORD -> true;
      default -> false;
    };
  }

  @Override
  public synchronized void at(
      ScriptedDestination.Stage here, String stream, Optional<String> workspaceId) {
    if (!dead && (here == stage || stage == ScriptedDestination.Stage.ANY)) {
      left--;
      dead = left <= 0;
    }
    if (dead) {
      throw new Killed();
    }
  }
}
