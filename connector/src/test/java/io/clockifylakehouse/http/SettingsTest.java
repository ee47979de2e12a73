// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may say of credentials, hosts, rate and retries. */
class SettingsTest {
  private static void refuses(ThrowingCallable call, String named) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({"5,0.05,9.5", "5,6,9.5", "10,1,9.5", "5,1,200000", "NaN,1,9.5", "5,NaN,9", "5,1,NaN"})
  void refusesARateThatCannotBe(double start, double min, double max) {
    refuses(() -> new RateSettings(start, min, max), "source.rate_limit");
  }

  @Test
  void refusesRetriesWithoutBound() {
    refuses(() -> new RetrySettings(0, Duration.ofMinutes(2)), "source.retry.attempts");
    refuses(() -> new RetrySettings(101, Duration.ofMinutes(2)), "source.retry.attempts");
    refuses(() -> new RetrySettings(6, Duration.ofSeconds(-1)), "source.retry.max_wait");
    refuses(() -> new RetrySettings(6, Duration.ofDays(1)), "source.retry.max_wait");
  }

  @Test
  void sendsEachCredentialInItsOwnHeaders() {
    assertThat(new Credentials.ApiKey("k").headers()).containsOnly(entry("X-Api-Key", "k"));
    assertThat(new Credentials.AddonToken("t").headers()).containsOnly(entry("X-Addon-Token", "t"));
    assertThat(new Credentials.Maton("m", Optional.empty()).headers())
        .containsOnly(entry("Authorization", "Bearer m"));
    assertThat(new Credentials.Maton("m", Optional.of("c")).headers())
        .containsOnly(entry("Authorization", "Bearer m"), entry("Maton-Connection", "c"));
  }

  @Test
  void neverShowsACredential() {
    List<Credentials> all =
        List.of(
            new Credentials.ApiKey("topsecret"),
            new Credentials.AddonToken("topsecret"),
            new Credentials.Maton("topsecret", Optional.of("topsecret")));
    assertThat(all.toString()).doesNotContain("topsecret");
    Request request =
        new Request("GET", URI.create("https://h/"), all.get(0).headers(), Optional.empty());
    assertThat(request.toString()).contains("X-Api-Key").doesNotContain("topsecret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "top secret", "topsecret\n", "topsecret\r\nX-Evil: 1", "töpsecret"})
  void refusesACredentialThatBreaksHeadersWithoutShowingIt(String value) {
    List<ThrowingCallable> calls =
        List.of(
            () -> new Credentials.ApiKey(value),
            () -> new Credentials.AddonToken(value),
            () -> new Credentials.Maton(value, Optional.empty()),
            () -> new Credentials.Maton("fine", Optional.of(value)));
    for (ThrowingCallable call : calls) {
      refuses(call, "The ");
      assertThatThrownBy(call).message().doesNotContain("secret").doesNotContain("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.clockify.me/api/v1",
        "http://localhost:8080/x",
        "http://127.0.0.1:1/x",
        "http://127.8.9.10/x",
        "http://[::1]:8080/x"
      })
  void sendsToHttpsAndToThisMachine(String url) {
    assertThatCode(() -> HostRule.anyHost().check(URI.create(url))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.clockify.me/api/v1",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.evil/",
        "http://10.0.0.1/",
        "https://user:topsecret@api.clockify.me/",
        "http://user:topsecret@localhost/",
        "ftp://localhost/x",
        "https:///nohost",
        "/relative"
      })
  void refusesEveryOtherUrl(String url) {
    refuses(() -> HostRule.anyHost().check(URI.create(url)), "https://host/");
    assertThatThrownBy(() -> HostRule.requireSafe(URI.create(url)))
        .message()
        .doesNotContain("topsecret");
  }

  @Test
  void sendsToConfiguredHostsOnly() {
    HostRule rule =
        HostRule.only(
            Set.of(
                URI.create("https://api.clockify.me/api/v1"),
                URI.create("https://reports.api.clockify.me/v1")));
    rule.check(URI.create("https://API.clockify.me:443/api/v1/user"));
    rule.check(URI.create("https://reports.api.clockify.me/v1/x"));
    for (String other :
        List.of(
            "https://clockify.me/api/v1/user",
            "https://api.clockify.me.evil.example/api/v1/user",
            "https://api.clockify.me:8443/api/v1/user",
            "http://localhost/api/v1/user")) {
      refuses(() -> rule.check(URI.create(other)), other);
    }
    refuses(() -> HostRule.only(Set.of(URI.create("http://api.clockify.me"))), "plain http");
  }

  private static Map.Entry<String, String> entry(String name, String value) {
    return Map.entry(name, value);
  }
}
