// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.BodyReader;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the simulated service answers to every kind of read. */
final class RealAnswers {
  static final Map<Host, URI> BASES =
      Map.of(
          Host.MAIN, URI.create("http://service/api/v1"),
          Host.REPORTS, URI.create("http://service/report/v1"));

  /** Answers kept of each stream. */
  private static final int SAMPLES = 4;

  /** Larger ones would only make the mutations sparser. */
  private static final int BYTES_MAX = 6_000;

  /** One answer to one question, unpacked. */
  record Sample(Slice slice, Response response) {}

  private RealAnswers() {}

  /** Asks for the first pages of every stream, parents first. */
  static List<Sample> of(StreamCatalog catalog, Account account) {
    List<Sample> samples = new ArrayList<>();
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      Recording recording = new Recording(simulator);
      Map<Host, URI> bases = Map.of(Host.MAIN, simulator.main(), Host.REPORTS, simulator.reports());
      ClockifySource source = new ClockifySource(recording, catalog, bases);
      Map<String, List<Row>> rows = new HashMap<>();
      for (StreamDefinition stream : catalog.streams()) {
        if (stream.endpoint().isPresent()) {
          rows.put(stream.name(), new ArrayList<>());
          for (Slice slice : slices(stream, catalog, rows)) {
            rows.get(stream.name()).addAll(source.open(slice).next().rows());
            recording.take(slice, samples);
          }
        }
      }
    }
    return samples;
  }

  private static List<Slice> slices(
      StreamDefinition stream, StreamCatalog catalog, Map<String, List<Row>> rows) {
    List<Scope> scopes = List.of(Scope.ROOT);
    List<Placeholder> placeholders = Placeholder.in(stream.endpoint().orElseThrow().path());
    for (int i = 0; i < placeholders.size(); i++) {
      StreamDefinition parent = catalog.stream(placeholders.get(i).stream());
      List<Scope> deeper = new ArrayList<>();
      for (Row row : rows.get(parent.name())) {
        for (String id : ColumnPath.of(parent, placeholders.get(i).column()).texts(row)) {
          deeper.add(scopes.get(0).with(stream.scope().get(i), id));
        }
      }
      scopes = deeper.subList(0, Math.min(SAMPLES, deeper.size()));
    }
    List<Slice> slices = new ArrayList<>();
    for (Scope scope : scopes) {
      for (Map<String, String> variant : stream.endpoint().orElseThrow().variants()) {
        slices.add(new Slice(stream, scope, Period.ALWAYS, variant));
      }
    }
    return slices;
  }

  /** The records of a body that was read as an answer. */
  static List<JsonNode> records(StreamDefinition stream, JsonNode body) {
    Endpoint endpoint = stream.endpoint().orElseThrow();
    JsonNode at = body;
    for (String name : endpoint.records()) {
      at = at.get(name);
    }
    List<JsonNode> records = new ArrayList<>();
    if (endpoint.answer() == Endpoint.Answer.OBJECT) {
      records.add(at);
    } else {
      at.forEach(records::add);
    }
    return records;
  }

  static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The real exchange, which keeps what came last. */
  private static final class Recording implements Exchange {
    private final Exchange exchange;
    private Optional<Response> last = Optional.empty();

    private Recording(ClockifySimulator simulator) {
      this.exchange =
          new ApiExchange(
              new JdkTransport(Duration.ofSeconds(30)),
              new Credentials.ApiKey(simulator.apiKey()),
              new RateSettings(1000, 1, 1000),
              new RetrySettings(2, Duration.ofSeconds(1)),
              new SystemTime());
    }

    @Override
    public <T> T send(Request request, BodyReader<T> reader) {
      return exchange.send(
          request,
          response -> {
            last = Optional.of(response);
            return reader.read(response);
          });
    }

    @Override
    public Traffic traffic() {
      return exchange.traffic();
    }

    private void take(Slice slice, List<Sample> samples) {
      try {
        Response response = last.orElseThrow();
        byte[] body = response.open().readAllBytes();
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.remove("content-encoding");
        boolean first = samples.stream().noneMatch(s -> s.slice().stream().equals(slice.stream()));
        if (first || body.length <= BYTES_MAX) {
          samples.add(new Sample(slice, new Response(200, headers, body)));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
