// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * The secrets known so far, and their removal from any text that leaves the process.
 *
 * <p>Safe for use by several threads.
 */
public final class Redaction {
  static final String MASK = "***";

  /** Shorter texts are no keys, and masking them would tear holes into innocent words. */
  private static final int SHORTEST = 4;

  private static final Pattern SECRET_NAME =
      Pattern.compile("key|token|secret|password|credential");

  private final List<String> secrets = new CopyOnWriteArrayList<>();

  /** Whether a variable or a property of this name is likely to hold a secret. */
  public static boolean namesSecret(String name) {
    return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /** Masks this text from now on. Texts of fewer than 4 characters are left alone. */
  public void add(String secret) {
    if (secret.length() >= SHORTEST && !secrets.contains(secret)) {
      secrets.add(secret);
      // The longest first: a secret that begins another one would leave the other's rest readable.
      secrets.sort(Comparator.comparingInt(String::length).reversed());
    }
  }

  /** The text without any known secret. */
  public String mask(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }
}
