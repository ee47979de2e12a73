// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.error.SecretForms;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
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

  private static final String KEY_PATH = "source.auth.value";

  /** Not {@code access-key-id}: it says whose key it is, and may be a word of everyday. */
  private static final Pattern SECRET_NAME =
      Pattern.compile("(key|token|secret|password|credential)(?![._-]id$)");

  /** By secret; in the order of their length, for one may begin another one. */
  private final Map<String, SecretForms> secrets =
      new ConcurrentSkipListMap<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(secret -> secret));

  /** Whether a variable or a property of this name is likely to hold a secret. */
  public static boolean namesSecret(String name) {
    return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /**
   * What can be known before the configuration is read: a fault of the command line, too, quotes
   * what it met.
   */
  public static Redaction of(Map<String, String> environment, String... arguments) {
    Redaction redaction = new Redaction();
    redaction.add(environment.getOrDefault(AuthParser.USUAL_VARIABLE, "").strip());
    for (int i = 0; i < arguments.length; i++) {
      int value = arguments[i].indexOf(KEY_PATH);
      if (value >= 0) {
        String rest = arguments[i].substring(value + KEY_PATH.length());
        String next = i + 1 < arguments.length ? arguments[i + 1] : "";
        redaction.add(rest.startsWith("=") ? rest.substring(1).strip() : next);
      }
    }
    return redaction;
  }

  /** True when an assignment shows the key to whoever lists the processes. */
  public static boolean showsKey(String assignment) {
    String text = assignment.strip();
    return text.startsWith(KEY_PATH + "=") && !text.startsWith(KEY_PATH + "=${");
  }

  /** Masks this text from now on. Texts of fewer than 4 characters are left alone. */
  public void add(String secret) {
    if (secret.length() >= SHORTEST) {
      secrets.computeIfAbsent(secret, SecretForms::new);
    }
  }

  /** The text without any known secret, however it is encoded. */
  public String mask(String text) {
    String masked = text;
    for (SecretForms secret : secrets.values()) {
      masked = secret.mask(masked, MASK);
    }
    return masked;
  }
}
