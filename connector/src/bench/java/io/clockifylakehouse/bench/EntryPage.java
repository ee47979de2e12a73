// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import io.clockifylakehouse.http.BodyReader;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.source.ClockifySource;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** One page of time entries as the simulator sends it, to be read again and again. */
public final class EntryPage {
  /** Records of the page. */
  public static final int ROWS = 5_000;

  private final StreamDefinition stream;
  private final ClockifySource source;
  private final Slice slice;

  /** Asks a simulator for the page. */
  public EntryPage() {
    StreamCatalog catalog = StreamCatalog.packaged();
    this.stream = catalog.stream("time_entries");
    Account account =
        Account.tiny(1).with("workspace_users", 1).with("projects", 10).with("time_entries", ROWS);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      String workspace = simulator.world().workspaces().get(0).id();
      String user = simulator.world().ownerId();
      this.slice =
          new Slice(
              stream,
              Scope.ROOT.with(Scope.WORKSPACE, workspace).with("user_id", user),
              Period.ALWAYS,
              Map.of());
      Response response = fetch(simulator, workspace, user);
      this.source =
          new ClockifySource(new Canned(response), catalog, Map.of(Host.MAIN, simulator.main()));
    }
  }

  private static Response fetch(ClockifySimulator simulator, String workspace, String user) {
    URI uri =
        URI.create(
            simulator.main()
                + ("/workspaces/" + workspace + "/user/" + user)
                + ("/time-entries?hydrated=false&page=1&page-size=" + ROWS));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("X-Api-Key", simulator.apiKey())
            .header("Accept-Encoding", "gzip")
            .build();
    try {
      HttpResponse<byte[]> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
      String encoding = response.headers().firstValue("content-encoding").orElse("identity");
      return new Response(
          response.statusCode(),
          Map.of("content-encoding", encoding, "last-page", "true"),
          response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The stream of the page. */
  public StreamDefinition stream() {
    return stream;
  }

  /** The ids of the workspace and user whose page it is. */
  public Scope scope() {
    return slice.scope();
  }

  /** Reads the page. */
  public List<Row> read() {
    return source.open(slice).next().rows();
  }

  private record Canned(Response response) implements Exchange {
    @Override
    public <T> T send(Request request, BodyReader<T> reader) {
      try {
        return reader.read(response);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Traffic traffic() {
      return new Traffic(0, 0, 0, 0, 1, 0);
    }
  }
}
