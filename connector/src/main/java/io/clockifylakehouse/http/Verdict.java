// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What an answer means for the request: its status, headers and the beginning of its body, judged
 * by API.md section 3. A pure function; nothing here waits, counts or sends.
 */
sealed interface Verdict {
  /** The body is worth reading. */
  record Good() implements Verdict {}

  /**
   * Another attempt may do better.
   *
   * @param load whether the service complains of load, which cuts the rate
   * @param askedWait how long the service asks everyone to wait
   * @param reason for the message if no attempt does better
   */
  record Passing(boolean load, Optional<Duration> askedWait, String reason) implements Verdict {}

  /**
   * No attempt will do better.
   *
   * @param reason without the request, which the caller names
   */
  record Final(ErrorCode code, String reason) implements Verdict {}

  /** The service's code for an object that is not there, on a 400. */
  int MISSING_OBJECT = 501;

  /**
   * Statuses of an answer that may be whole; 204 and 205 have no body, which is asked for again.
   */
  Set<Integer> WHOLE = Set.of(200, 201, 203, 204, 205);

  /** A cache's word that its caller knows the answer already. */
  int NOT_MODIFIED = 304;

  /** For what Clockify does not send. */
  String AMISS = "; is a proxy or firewall in between, or source.base_url wrong?";

  static Verdict of(Response response, Instant now, Redaction redaction) {
    int status = response.status();
    if (WHOLE.contains(status)) {
      return new Good();
    }
    if (status >= 300 && status < 400 && status != NOT_MODIFIED) {
      return new Final(ErrorCode.REDIRECTED, redirect(response, redaction));
    }
    ServerError error = ServerError.of(response);
    String said = said(status, error, redaction);
    Optional<Duration> wait = RetryAfter.of(response, now);
    return switch (status) {
      case 400 -> badRequest(error, said, wait);
      case 401 -> new Final(ErrorCode.UNAUTHORIZED, said + ": " + unauthorizedCause(error));
      case 402, 403 ->
          new Final(
              ErrorCode.FORBIDDEN,
              said + ": this key's role or the workspace's plan does not allow it");
      case 404 ->
          new Final(
              ErrorCode.REJECTED,
              said
                  + ": the path or the workspace id does not exist there; check source.workspaces"
                  + " and source.base_url");
      case 407 ->
          new Final(
              ErrorCode.CONFIGURATION,
              said
                  + ": the proxy wants a user and password; HTTPS_PROXY takes them as"
                  + " http://user:password@host:port");
      case 408, 425 -> new Passing(false, wait, said);
      case 429 -> new Passing(true, wait, said);
      default -> other(status, wait, said);
    };
  }

  /**
   * The code alone tells an object that is gone from a wrong request: a lost one is asked for
   * again.
   */
  private static Verdict badRequest(ServerError error, String said, Optional<Duration> wait) {
    if (!error.legible()) {
      return new Passing(false, wait, said + ", and its body, which says why, cannot be read");
    }
    return error.code().orElse(0) == MISSING_OBJECT
        ? new Final(ErrorCode.PARENT_GONE, said + ": the object is gone or belongs elsewhere")
        : new Final(ErrorCode.REJECTED, said);
  }

  private static Verdict other(int status, Optional<Duration> wait, String said) {
    if (status >= 500 && status < 600) {
      return new Passing(status == 503 && wait.isPresent(), wait, said);
    }
    return status > 400 && status < 500
        ? new Final(ErrorCode.REJECTED, said + AMISS)
        : new Final(
            ErrorCode.UNEXPECTED_ANSWER, said + ", which is no whole answer to a request" + AMISS);
  }

  private static String said(int status, ServerError error, Redaction redaction) {
    StringBuilder text = new StringBuilder("answered ").append(status);
    error.code().ifPresent(code -> text.append(" code ").append(code));
    error
        .message()
        .ifPresent(words -> text.append(" '").append(redaction.apply(words)).append("'"));
    return text.toString();
  }

  private static String unauthorizedCause(ServerError error) {
    String region =
        "a workspace in a region or on a subdomain needs a key that was generated inside it, and"
            + " source.region or source.base_url to match";
    return switch (error.code().orElse(0)) {
      case 1000 ->
          "the service saw no credential, or more than one; check that source.auth.type fits the"
              + " value, and that nothing on the way drops or adds headers";
      case 4003 ->
          "this API key does not exist there: it was deleted, or belongs to another region ("
              + region
              + "); generate a new key in the profile settings";
      case 4017 ->
          "this token is not valid: it expired, or the add-on was uninstalled, or it belongs to"
              + " another region; get a new add-on token";
      default ->
          "the credential was refused; check source.auth, and that the key still exists: " + region;
    };
  }

  private static String redirect(Response response, Redaction redaction) {
    String target = response.header("location").flatMap(Verdict::placeOf).orElse("elsewhere");
    return String.format(
        "answered %d, a redirect to %s: the key goes to configured hosts only, so it was not"
            + " followed; set source.base_url to the address that answers itself",
        response.status(), redaction.apply(target));
  }

  /** Without user and query, where secrets travel. */
  private static Optional<String> placeOf(String location) {
    try {
      URI uri = URI.create(location.strip());
      String host = uri.getHost() == null ? "" : uri.getScheme() + "://" + uri.getHost();
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      String path = uri.getPath() == null ? "" : uri.getPath();
      return Optional.of(host + port + path).filter(place -> !place.isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
