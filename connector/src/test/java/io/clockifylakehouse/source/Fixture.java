// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Streams declared by a test, and what reads them. */
final class Fixture {
  static final Map<Host, URI> BASES = Map.of(Host.MAIN, URI.create("http://service/api/v1/"));
  static final Scope WORKSPACE = Scope.ROOT.with("workspace_id", "w1");

  static final String WORKSPACES =
      """
      stream: workspaces
      doc: Workspaces.
      endpoint: {path: /workspaces, paged: false}
      reference: workspace_id
      key: [id]
      fields:
        id: {type: string, doc: Id.}
      example: {}
      """;

  private Fixture() {}

  static StreamCatalog catalog(String... streams) {
    return StreamCatalog.of(
        Document.parse("clockify.yaml", "page_ceiling: 20"),
        Stream.concat(Stream.of(WORKSPACES), Stream.of(streams))
            .map(text -> Document.parse("stream.yaml", text))
            .toList());
  }

  static Slice slice(StreamDefinition stream, Scope scope) {
    return new Slice(stream, scope, Period.ALWAYS, Map.of());
  }

  /** A row, and the drift it brought. */
  record Read(Row row, Drift drift) {}

  static Read read(StreamDefinition stream, Scope scope, String record) {
    Reading reading = new Reading("");
    try (JsonParser parser = JsonText.parser(record)) {
      Row row = new RecordReader(stream, List.of()).read(parser, scope, 0, reading);
      return new Read(row, reading.drift());
    } catch (IOException e) {
      throw new AssertionError("broken: " + record, e);
    }
  }

  static Response response(String body) {
    return new Response(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
