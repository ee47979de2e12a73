// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.BodyReader;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.http.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An exchange whose answers a test makes up; a body that cannot be read is asked for once more. */
final class ScriptedExchange implements Exchange {
  private final Function<Request, Response> service;
  final List<Request> requests = new ArrayList<>();

  /**
   * @param service may throw the verdicts of an exchange
   */
  ScriptedExchange(Function<Request, Response> service) {
    this.service = service;
  }

  static Response ok(String body) {
    return new Response(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  static Response ok(String body, String lastPage) {
    return new Response(200, Map.of("last-page", lastPage), body.getBytes(StandardCharsets.UTF_8));
  }

  static ConnectorException verdict(ErrorCode code) {
    return new ConnectorException(code, "HTTP 400, scripted");
  }

  /** A number out of the query; -1 when it is not there. */
  static int parameter(Request request, String name) {
    Matcher matcher =
        Pattern.compile("[?&]" + name + "=(\\d+)").matcher("?" + request.uri().getRawQuery());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  List<String> uris() {
    return requests.stream().map(request -> request.uri().toString()).toList();
  }

  @Override
  public <T> T send(Request request, BodyReader<T> reader) {
    IOException broken = null;
    for (int attempt = 0; attempt < 2; attempt++) {
      requests.add(request);
      try {
        return reader.read(service.apply(request));
      } catch (IOException e) {
        broken = e;
      }
    }
    throw new ConnectorException(ErrorCode.UNAVAILABLE, "broken body: " + broken, broken);
  }

  @Override
  public Traffic traffic() {
    return new Traffic(requests.size(), 0, 0, 0, 0, 0);
  }
}
