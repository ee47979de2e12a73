// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Posts one message to a collector of metrics or lineage: once, within a few seconds, without
 * redirects. It has nothing to do with {@link Transport}, which holds the key of the service.
 *
 * <p>Safe for use by several threads.
 */
public final class Delivery {
  private final Duration timeout;

  /**
   * @param timeout of connecting, and again of the answer's begin
   */
  public Delivery(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * @param bearer token of the header {@code Authorization}
   * @throws IOException when the collector is not reached, or answers anything but 2xx
   * @throws InterruptedException when the thread is interrupted while waiting
   */
  public void post(URI collector, String contentType, String body, Optional<String> bearer)
      throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(collector)
            .timeout(timeout)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
    int status = send(client, request.build());
    if (status / 100 != 2) {
      throw new IOException("answered " + status);
    }
  }

  private static int send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw JdkTransport.firstFailure(e);
    }
  }
}
