// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  private final Pattern secretForms;

  Redaction(String... secrets) {
    this.secretForms =
        Pattern.compile(
            Stream.of(secrets)
                .flatMap(secret -> formsOf(secret).stream())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE);
  }

  /** The text, fit for a message, in at most {@link #TEXT_LIMIT} characters. */
  String apply(String text) {
    return apply(text, TEXT_LIMIT);
  }

  /** The text, fit for a message, in at most {@code limit} characters. */
  String apply(String text, int limit) {
    String visible = INVISIBLE.matcher(BREAKS.matcher(text).replaceAll(" ")).replaceAll("");
    String known = secretForms.matcher(visible.strip()).replaceAll(MARK);
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

  private static Set<String> formsOf(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Set<String> forms = new TreeSet<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.add(secret.replace("/", "\\/"));
    forms.add(HexFormat.of().formatHex(bytes));
    for (int offset = 0; offset < 3; offset++) {
      forms.add(base64Core(Base64.getEncoder(), bytes, offset));
      forms.add(base64Core(Base64.getUrlEncoder(), bytes, offset));
    }
    forms.remove("");
    return forms;
  }

  /**
   * The characters that Base64 gives for these bytes whatever stands around them, when they begin
   * {@code offset} bytes after a multiple of three.
   */
  private static String base64Core(Base64.Encoder encoder, byte[] bytes, int offset) {
    byte[] shifted = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, shifted, offset, bytes.length);
    String text = encoder.withoutPadding().encodeToString(shifted);
    int from = offset == 0 ? 0 : offset + 1;
    int to = shifted.length % 3 == 0 ? text.length() : text.length() - 1;
    return to - from >= 4 ? text.substring(from, to) : "";
  }
}
