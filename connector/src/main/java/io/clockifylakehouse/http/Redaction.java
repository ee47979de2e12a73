// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.SecretForms;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes text of foreign origin fit for a message: without the credential in any usual encoding,
 * without what looks like another, without control characters, and short.
 *
 * <p>The service repeats its caller's input in its errors (API.md section 3). Immutable, thus safe
 * for use by several threads.
 */
final class Redaction {
  static final String MARK = "[redacted]";

  /** Characters that a server's words may take in a message. */
  static final int TEXT_LIMIT = 200;

  private static final Pattern BREAKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]");

  /**
   * JSON Web Tokens, schemes with their value, named secrets, and long runs that hold a digit:
   * 24-digit object ids stay, 36-character UUIDs and 48-character keys go.
   */
  private static final Pattern SECRET_LIKE =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*){1,2}"
              + "|(?i:\\bbearer\\s+[^\\s\"',;]+)"
              + "|\\b[Bb]asic\\s+(?=\\S*(?:[0-9=]|[a-z][A-Z]))[^\\s\"',;]{8,}"
              + "|(?i:\\b(?:x-)?(?:api[-_ ]?key|(?:addon-|auth-?|access[-_]?)?token|authorization"
              + "|password|secret)[\"']?\\s*[=:]\\s*[\"']?[^\\s\"',;&]+)"
              + "|(?<![A-Za-z0-9+_-])(?=[A-Za-z+_-]*[0-9])[A-Za-z0-9+_-]{32,}+={0,2}");

  private final List<SecretForms> secrets;

  Redaction(String... secrets) {
    this.secrets = Stream.of(secrets).map(SecretForms::new).toList();
  }

  /** The text, fit for a message, in at most {@link #TEXT_LIMIT} characters. */
  String apply(String text) {
    return apply(text, TEXT_LIMIT);
  }

  /** The text, fit for a message, in at most {@code limit} characters. */
  String apply(String text, int limit) {
    String visible = INVISIBLE.matcher(BREAKS.matcher(text).replaceAll(" ")).replaceAll("");
    String known = visible.strip();
    for (SecretForms secret : secrets) {
      known = secret.mask(known, MARK);
    }
    String clean = SECRET_LIKE.matcher(known).replaceAll(MARK);
    return clean.length() <= limit ? clean : clean.substring(0, limit - 1) + "…";
  }

  /** The failure and its causes, fit for a message. */
  String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 4; depth++) {
      text.append(depth == 0 ? "" : ", because of ").append(cause.getClass().getSimpleName());
      if (cause.getMessage() != null) {
        text.append(": ").append(cause.getMessage());
      }
      cause = cause.getCause();
    }
    return apply(text.toString());
  }
}
