// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=._-~!$&'()*,;:@%#?[]\\\"";

  private static String text(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String base64(Base64.Encoder encoder, String text) {
    return encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void removesTheCredentialInEveryUsualEncoding() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String secret = text(random, 6 + random.nextInt(60));
      String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
      String[] forms = {
        secret,
        secret.toUpperCase(Locale.ROOT),
        url,
        url.toLowerCase(Locale.ROOT),
        secret.replace("/", "\\/"),
        HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)),
      };
      Redaction redaction = new Redaction(secret);
      for (String form : forms) {
        String clean = redaction.apply("a " + form + " b", 1000);
        assertThat(clean).as("seed %d form %s", seed, form).contains(Redaction.MARK);
        assertThat(clean).as("seed %d", seed).doesNotContainIgnoringCase(form);
      }
    }
  }

  @Test
  void removesTheCredentialFromInsideOtherBase64() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String secret = text(random, 12 + random.nextInt(36));
      String around = "x".repeat(random.nextInt(4)) + ":";
      Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
      String clean = new Redaction(secret).apply(base64(encoder, around + secret + around), 1000);
      String kept = clean.replace(Redaction.MARK, "");
      assertThat(clean).as("seed %d", seed).contains(Redaction.MARK);
      assertThat(kept.length()).as("seed %d: %s", seed, clean).isLessThanOrEqualTo(14);
      int own = around.length() * 8 / 6;
      String before = clean.substring(0, clean.indexOf(Redaction.MARK));
      assertThat(before.length())
          .as("seed %d: no bit of it in %s", seed, clean)
          .isLessThanOrEqualTo(own);
    }
  }

  @Test
  void removesTheEdgesOfACredentialThatWasCutInsideOtherBase64() {
    String secret = "NzFlMjk0YzctYWJjZC00ZWZnLTEyMzQ";
    String whole = base64(Base64.getEncoder(), "X-Api-Key: " + secret);
    Redaction redaction = new Redaction(secret);
    assertThat(redaction.apply(whole)).isEqualTo("WC1BcGktS2V5Oi[redacted]");
    assertThat(redaction.apply(whole.substring(0, 30))).isEqualTo("WC1BcGktS2V5Oi[redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NmE0YjFjZDAtOTk5OS00YzJkLWFhYWEtMDEyMzQ1Njc4OWFi",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjbG9ja2lmeSJ9.c2lnbmF0dXJl",
        "Bearer abc",
        "Basic dXNlcjpwYXNz",
        "X-Api-Key: abcdef",
        "\"apiKey\":\"abcdef\"",
        "authToken=abcdef",
        "password: hunter2",
        "13fe7b78-0a1b-4c2d-9e3f-445566778899"
      })
  void removesWhatLooksLikeAnotherSecret(String secret) {
    String clean = new Redaction("unrelated").apply("before " + secret + " after");
    assertThat(clean).startsWith("before ").endsWith(" after").contains(Redaction.MARK);
    assertThat(clean).doesNotContain(secret.substring(secret.length() - 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Project 64a687e29ae1f428e7ebe303 doesn't belong to Workspace 64a687e29ae1f428e7ebe304",
        "Multiple or none auth tokens present",
        "Token is not valid",
        "Basic plan does not include this feature",
        "GET https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe303/projects?page=2"
      })
  void leavesOrdinaryTextAlone(String text) {
    assertThat(new Redaction("unrelated").apply(text)).isEqualTo(text);
  }

  @Test
  void leavesNoControlCharactersAndNoLineBreaks() {
    String clean = new Redaction("unrelated").apply("a\r\nb\u001b[31mc\u202ed\u0000e\u2028f\tg");
    assertThat(clean).isEqualTo("a b[31mcde f g");
  }

  @Test
  void seesThroughInvisibleCharactersInsideTheCredential() {
    assertThat(new Redaction("topsecret").apply("top\u200bsec\u0000ret")).isEqualTo(Redaction.MARK);
  }

  @Test
  void boundsTheLengthAfterRedacting() {
    Redaction redaction = new Redaction("topsecret");
    assertThat(redaction.apply("x".repeat(196) + "topsecret")).hasSize(200).doesNotContain("top");
    assertThat(redaction.apply("y ".repeat(5000))).hasSize(200).endsWith("…");
  }

  @Test
  void describesAFailureWithItsCauses() {
    IOException failure =
        new IOException("handshake", new IllegalStateException("no topsecret here"));
    assertThat(new Redaction("topsecret").describe(failure))
        .isEqualTo("IOException: handshake, because of IllegalStateException: no [redacted] here");
  }
}
