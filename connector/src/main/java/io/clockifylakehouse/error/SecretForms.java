// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.error;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The forms in which one secret could stand in a text: as it is, and as URLs, JSON, hexadecimal
 * digits and Base64 write it, in any case. Whoever quotes may have cut it, so that every part of
 * {@value #PART_CHARS} characters counts as the secret, too.
 *
 * <p>Immutable, thus safe for use by several threads. {@code toString} shows nothing of it.
 */
public final class SecretForms {
  /** The shortest part of a form that is taken for the secret. */
  public static final int PART_CHARS = 12;

  /** Shorter forms count as a whole only: words that everybody uses could be parts of them. */
  private static final int CUT_CHARS = 16;

  private static final String BASE64 = "[A-Za-z0-9+/_-]";

  /** Base64 lets the first and the last byte share a character with their neighbours. */
  private static final String EDGE = "[A-Za-z0-9+/_-]?";

  private final Pattern whole;
  private final Set<String> parts = new HashSet<>();

  public SecretForms(String secret) {
    Set<String> forms = plain(secret);
    Set<String> cores = base64(secret);
    this.whole =
        Pattern.compile(
            Stream.concat(
                    longestFirst(forms).map(Pattern::quote),
                    longestFirst(cores).map(core -> EDGE + Pattern.quote(core) + EDGE))
                .collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE);
    forms.addAll(cores);
    for (String form : forms) {
      String lower = form.toLowerCase(Locale.ROOT);
      for (int i = 0; lower.length() >= CUT_CHARS && i + PART_CHARS <= lower.length(); i++) {
        parts.add(lower.substring(i, i + PART_CHARS));
      }
    }
  }

  private static Stream<String> longestFirst(Set<String> forms) {
    return forms.stream().sorted((a, b) -> Integer.compare(b.length(), a.length()));
  }

  /**
   * @param mark what stands for each of them afterwards
   */
  public String mask(String text, String mark) {
    Matcher matcher = whole.matcher(text);
    return withoutParts(matcher.replaceAll(Matcher.quoteReplacement(mark)), mark);
  }

  private String withoutParts(String text, String mark) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() != text.length()) {
      return text; // a letter of some script that has no single small one: the whole forms must do
    }
    StringBuilder masked = new StringBuilder();
    int kept = 0;
    for (int i = 0; i + PART_CHARS <= lower.length(); i++) {
      if (parts.contains(lower.substring(i, i + PART_CHARS))) {
        int end = i + PART_CHARS;
        while (end < lower.length()
            && parts.contains(lower.substring(end + 1 - PART_CHARS, end + 1))) {
          end++;
        }
        int begin = i > kept && isEdge(text, i - 1) ? i - 1 : i;
        masked.append(text, kept, begin).append(mark);
        kept = isEdge(text, end) ? end + 1 : end;
        i = kept - 1;
      }
    }
    return kept == 0 ? text : masked.append(text, kept, text.length()).toString();
  }

  private static boolean isEdge(String text, int at) {
    return at < text.length() && text.substring(at, at + 1).matches(EDGE);
  }

  private static Set<String> plain(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Set<String> forms = new TreeSet<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.add(secret.replace("/", "\\/"));
    forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.add(
        secret.chars().mapToObj(c -> String.format("\\u%04x", c)).collect(Collectors.joining()));
    forms.add(HexFormat.of().formatHex(bytes));
    forms.remove("");
    return forms;
  }

  private static Set<String> base64(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Set<String> forms = new TreeSet<>();
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
