// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives the scripted answers in turn, the last one for ever, and notes what came and when. */
final class ScriptedTransport implements Transport {
  private final Time time;
  private final List<Transport> script;
  final List<Request> requests = new ArrayList<>();
  final List<Long> sentNanos = new ArrayList<>();

  ScriptedTransport(Time time, Transport... script) {
    this.time = time;
    this.script = List.of(script);
  }

  static Transport answer(int status) {
    return answer(status, "");
  }

  static Transport answer(int status, String body, String... headers) {
    Response response = response(status, body, headers);
    return request -> response;
  }

  static Response response(int status, String body, String... headers) {
    Map<String, String> map = headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]);
    return new Response(status, map, body.getBytes(StandardCharsets.UTF_8));
  }

  static Transport failure(IOException failure) {
    return request -> {
      throw failure;
    };
  }

  @Override
  public synchronized Response send(Request request) throws IOException, InterruptedException {
    requests.add(request);
    sentNanos.add(time.nanos());
    return script.get(Math.min(requests.size(), script.size()) - 1).send(request);
  }

  /** Milliseconds between one attempt and the next. */
  List<Double> gapsMillis() {
    List<Double> gaps = new ArrayList<>();
    for (int i = 1; i < sentNanos.size(); i++) {
      gaps.add((sentNanos.get(i) - sentNanos.get(i - 1)) / 1e6);
    }
    return gaps;
  }
}
