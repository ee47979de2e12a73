// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.util.Objects;

/**
 * A text that must never be seen: {@link #toString} is {@code ***}, only {@link #reveal} gives it.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public final class Secret {
  private final String text;

  public Secret(String text) {
    this.text = Objects.requireNonNull(text);
  }

  /** The text itself, for the one place that sends it. */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && text.equals(secret.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return Redaction.MASK;
  }
}
