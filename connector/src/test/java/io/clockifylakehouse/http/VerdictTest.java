// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String KEY = "NmE0YjFjZDAtOTk5OS00YzJkLWFhYWEtMDEyMzQ1Njc4OWFi";

  private static Verdict verdict(int status, String body, String... headers) {
    return Verdict.of(ScriptedTransport.response(status, body, headers), NOW, new Redaction(KEY));
  }

  private static Verdict.Final refusal(int status, String body, String... headers) {
    return (Verdict.Final) verdict(status, body, headers);
  }

  @ParameterizedTest
  @CsvSource({
    "300,REDIRECTED",
    "301,REDIRECTED",
    "302,REDIRECTED",
    "308,REDIRECTED",
    "401,UNAUTHORIZED",
    "402,FORBIDDEN",
    "403,FORBIDDEN",
    "404,REJECTED",
    "405,REJECTED",
    "409,REJECTED",
    "418,REJECTED",
    "499,REJECTED",
    "199,UNEXPECTED_ANSWER",
    "202,UNEXPECTED_ANSWER",
    "206,UNEXPECTED_ANSWER",
    "299,UNEXPECTED_ANSWER",
    "304,UNEXPECTED_ANSWER",
    "600,UNEXPECTED_ANSWER"
  })
  void refusesForGoodWithTheCodeOfTheStatus(int status, ErrorCode code) {
    assertThat(refusal(status, "").code()).isEqualTo(code);
    assertThat(refusal(status, "").reason()).contains(String.valueOf(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 203, 204})
  void readsWhatMayBeAWholeAnswer(int status) {
    assertThat(verdict(status, "")).isEqualTo(new Verdict.Good());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 503, 504, 520, 599})
  void triesServerErrorsAgainWithoutBlamingTheLoad(int status) {
    Verdict.Passing passing = (Verdict.Passing) verdict(status, "{\"message\":\"boom\"}");
    assertThat(passing.load()).isFalse();
    assertThat(passing.askedWait()).isEmpty();
    assertThat(passing.reason()).contains(String.valueOf(status), "boom");
  }

  @Test
  void takesATooManyRequestsForLoad() {
    Verdict.Passing passing = (Verdict.Passing) verdict(429, "");
    assertThat(passing.load()).isTrue();
    assertThat(passing.askedWait()).isEmpty();
  }

  @Test
  void takesAnUnavailableForLoadOnlyWhenItNamesAWait() {
    Verdict.Passing passing = (Verdict.Passing) verdict(503, "", "retry-after", "3");
    assertThat(passing.load()).isTrue();
    assertThat(passing.askedWait()).contains(Duration.ofSeconds(3));
    assertThat(((Verdict.Passing) verdict(500, "", "retry-after", "3")).load()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"Project doesn't belong to Workspace\",\"code\":501}",
        "{\"code\":501}",
        "{\"code\":\"501\"}",
        "{\"details\":{\"code\":1},\"list\":[{}],\"code\":501,\"message\":null}",
        "{\"code\":501,\"message\":\"cut in the mid"
      })
  void takesCode501ForAMissingParentHoweverItIsSaid(String body) {
    assertThat(refusal(400, body).code()).isEqualTo(ErrorCode.PARENT_GONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "501",
        "[501]",
        "{\"message\":\"code 501\"}",
        "{\"error\":{\"code\":501}}",
        "{\"code\":501.5}",
        "{\"code\":3000}",
        "{\"code\":3000,\"message\":\"cut in the mid"
      })
  void takesAnyOtherBadRequestForARejection(String body) {
    assertThat(refusal(400, body).code()).isEqualTo(ErrorCode.REJECTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>501</body></html>",
        "{\"message\":\"cut in the mid",
        "{\"code\":99999999999999}"
      })
  void asksAgainWhenABadRequestDoesNotSayWhy(String body) {
    Verdict verdict = verdict(400, body);
    assertThat(verdict).isInstanceOf(Verdict.Passing.class);
    assertThat(((Verdict.Passing) verdict).load()).isFalse();
    assertThat(((Verdict.Passing) verdict).reason()).contains("answered 400", "cannot be read");
  }

  @Test
  void readsACompressedError() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("{\"code\":501}".getBytes(StandardCharsets.UTF_8));
    }
    Response response = new Response(400, Map.of("content-encoding", "gzip"), zipped.toByteArray());
    assertThat(((Verdict.Final) Verdict.of(response, NOW, new Redaction(KEY))).code())
        .isEqualTo(ErrorCode.PARENT_GONE);
    Response broken = new Response(400, Map.of("content-encoding", "gzip"), new byte[] {1, 2});
    assertThat(Verdict.of(broken, NOW, new Redaction(KEY))).isInstanceOf(Verdict.Passing.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1000,no credential or more than one,saw no credential",
    "4003,deleted or elsewhere,does not exist there",
    "4017,not valid,token is not valid",
    "7,anything else,was refused"
  })
  void tellsTheCausesOfAnUnauthorizedApart(int code, String said, String told) {
    Verdict.Final refusal = refusal(401, "{\"message\":\"" + said + "\",\"code\":" + code + "}");
    assertThat(refusal.reason()).contains("401", "code " + code, said, told);
  }

  @Test
  void namesTheWayOutForKeysOfAnotherRegion() {
    assertThat(refusal(401, "{\"code\":4003}").reason()).contains("region", "source.base_url");
  }

  @Test
  void namesTheTargetOfARedirectWithoutItsQuery() {
    String reason =
        refusal(302, "", "location", "https://u:p@other.example:8443/login?token=abc").reason();
    assertThat(reason).contains("https://other.example:8443/login", "source.base_url");
    assertThat(reason).doesNotContain("abc").doesNotContain("u:p");
    assertThat(refusal(302, "", "location", "::no url::").reason()).contains("elsewhere");
  }

  @Test
  void neverRepeatsTheKeyThatTheServiceRepeats() {
    String body = "{\"message\":\"bad key " + KEY + " in request\",\"code\":3000}";
    for (int status : IntStream.rangeClosed(300, 599).toArray()) {
      Verdict verdict = verdict(status, body, "location", "https://x.example/" + KEY);
      assertThat(verdict.toString()).as("status %d", status).doesNotContain(KEY);
    }
  }

  @Test
  void readsWaitsInSecondsAndDates() {
    List<Map.Entry<String, Optional<Duration>>> cases =
        List.of(
            Map.entry("0", Optional.of(Duration.ZERO)),
            Map.entry(" 120 ", Optional.of(Duration.ofMinutes(2))),
            Map.entry("Sun, 01 Mar 2026 08:00:30 GMT", Optional.of(Duration.ofSeconds(30))),
            Map.entry("Sun, 01 Mar 2026 07:00:00 GMT", Optional.of(Duration.ZERO)),
            Map.entry("999999999999999999999", Optional.of(Duration.ofSeconds(999_999_999))),
            Map.entry("-5", Optional.empty()),
            Map.entry("1.5", Optional.empty()),
            Map.entry("soon", Optional.empty()),
            Map.entry("", Optional.empty()));
    for (Map.Entry<String, Optional<Duration>> entry : cases) {
      Response response = ScriptedTransport.response(429, "", "retry-after", entry.getKey());
      assertThat(RetryAfter.of(response, NOW)).as(entry.getKey()).isEqualTo(entry.getValue());
    }
  }
}
