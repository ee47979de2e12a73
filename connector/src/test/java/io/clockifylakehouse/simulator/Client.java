// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A plain HTTP client of the simulator under test. */
final class Client {
  /** What came back. */
  record Reply(int status, Map<String, List<String>> headers, byte[] bytes) {
    JsonNode json() {
      return Json.parse(bytes);
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
          .map(values -> values.get(0));
    }

    int code() {
      return json().path("code").asInt(-1);
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final ClockifySimulator simulator;

  Client(ClockifySimulator simulator) {
    this.simulator = simulator;
  }

  String workspace() {
    return simulator.world().workspaces().get(0).id();
  }

  Workspace records() {
    return simulator.world().workspaces().get(0);
  }

  /** GET on the main host with the key; {@code {ws}} stands for the first workspace. */
  Reply get(String path) {
    return send("GET", simulator.main(), path, "", Map.of("X-Api-Key", simulator.apiKey()));
  }

  Reply post(String path, String body) {
    return send("POST", simulator.main(), path, body, Map.of("X-Api-Key", simulator.apiKey()));
  }

  Reply report(String method, String path, String body) {
    return send(method, simulator.reports(), path, body, Map.of("X-Api-Key", simulator.apiKey()));
  }

  Reply send(String method, URI base, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    base
                        + "/"
                        + (path.contains("{ws}") ? path.replace("{ws}", workspace()) : path)))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, List<String>> lower = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      lower.putAll(response.headers().map());
      return new Reply(response.statusCode(), lower, response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Every row of a list, page by page, until the header says that it was the last. */
  List<JsonNode> all(String path, String rows, int size) {
    List<JsonNode> all = new ArrayList<>();
    String separator = path.contains("?") ? "&" : "?";
    for (int page = 1; page < 10_000; page++) {
      Reply reply = get(path + separator + "page=" + page + "&page-size=" + size);
      if (reply.status() != 200) {
        throw new IllegalStateException(path + " answered " + reply.status());
      }
      reply.json().at(rows).forEach(all::add);
      if (reply.header("Last-Page").orElseThrow().equals("true")) {
        return all;
      }
    }
    throw new IllegalStateException(path + " never ends");
  }
}
