// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Embedded;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the answers of one stream's endpoint: finds the records in the envelope, in whatever order
 * its keys come, and reads them and the records embedded in them.
 *
 * <p>A body that is no JSON text is an {@link IOException}, for it can be asked for again; a JSON
 * text of another shape than declared is UNEXPECTED_ANSWER, never an empty result. Immutable, thus
 * safe for use by several threads.
 */
final class AnswerReader {
  private static final String LAST_PAGE = "last-page";

  /** A stream whose records lie inside this one's, at a path. */
  private record Inner(RecordReader reader, List<String> path) {
    String name() {
      return reader.stream().name();
    }

    /** The scope of the rows inside a row; see {@link Embedded}. */
    Scope scope(StreamDefinition outer, Row row) {
      Map<String, String> ids = new LinkedHashMap<>();
      List<String> columns = reader.stream().scope();
      for (int i = 0; i < columns.size(); i++) {
        String column = i < columns.size() - 1 ? columns.get(i) : Embedded.ID;
        ids.put(columns.get(i), (String) row.get(outer.position(column)));
      }
      return new Scope(ids);
    }
  }

  private final Endpoint endpoint;
  private final RecordReader records;
  private final List<Inner> inners = new ArrayList<>();

  /** Compiles the readers of a stream that has an endpoint, and of those embedded in it. */
  AnswerReader(StreamDefinition stream, StreamCatalog catalog) {
    this.endpoint =
        stream
            .endpoint()
            .orElseThrow(
                () ->
                    new ConnectorException(
                        ErrorCode.DEFECT,
                        stream.name() + " comes inside another stream and is never asked for"));
    List<String> captures = new ArrayList<>();
    for (StreamDefinition inner : catalog.embeddedIn(stream)) {
      List<String> path = inner.embedded().orElseThrow().records();
      inners.add(new Inner(new RecordReader(inner, List.of()), path));
      captures.add(path.get(0));
    }
    this.records = new RecordReader(stream, captures.stream().distinct().toList());
  }

  StreamDefinition stream() {
    return records.stream();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The row's key, to compare by. */
  List<Object> key(Row row) {
    return records.key(row);
  }

  /**
   * Reads one answer whole.
   *
   * @throws IOException when the body is empty, cut off, no JSON, or has more after its end
   * @throws ConnectorException UNEXPECTED_ANSWER when it is JSON of another shape
   */
  Answer read(Response response, Slice slice) throws IOException {
    try (JsonParser parser = JsonText.parser(response.open())) {
      if (parser.nextToken() == null) {
        throw new IOException("empty body");
      }
      Walk walk = new Walk(parser, slice);
      try {
        walk.value(List.of());
        walk.requireRecords();
      } catch (ConnectorException e) {
        // A verdict on the shape holds only for a whole body.
        drain(parser);
        throw e;
      }
      if (parser.nextToken() != null) {
        throw new IOException("more text after the end of the JSON value");
      }
      Optional<Boolean> lastPage =
          response.header(LAST_PAGE).map(String::trim).flatMap(AnswerReader::flag);
      return new Answer(walk.rows, walk.embedded, walk.drift(), walk.count, lastPage);
    }
  }

  private static void drain(JsonParser parser) throws IOException {
    while (parser.nextToken() != null) {
      // Only whether it can be read counts.
    }
  }

  private static Optional<Boolean> flag(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Optional.of(Boolean.parseBoolean(text));
    }
    return Optional.empty();
  }

  /** One answer while it is read. */
  private final class Walk {
    private final JsonParser parser;
    private final Slice slice;
    private final Reading reading = new Reading("");
    private final Map<String, Reading> innerReadings = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, List<Row>> embedded = new LinkedHashMap<>();
    private Optional<Long> count = Optional.empty();
    private boolean found;

    private Walk(JsonParser parser, Slice slice) {
      this.parser = parser;
      this.slice = slice;
      for (Inner inner : inners) {
        innerReadings.put(inner.name(), new Reading(String.join(".", inner.path()) + "[]"));
        embedded.put(inner.name(), new ArrayList<>());
      }
    }

    private void value(List<String> at) throws IOException {
      if (at.equals(endpoint.records())) {
        records();
      } else if (!at.isEmpty() && at.equals(endpoint.count())) {
        boolean number = parser.hasToken(JsonToken.VALUE_NUMBER_INT);
        count = number ? Optional.of(parser.getLongValue()) : Optional.empty();
        parser.skipChildren();
      } else if (begins(endpoint.records(), at)) {
        require(JsonToken.START_OBJECT, "an object", at);
        envelope(at);
      } else if (begins(endpoint.count(), at) && parser.hasToken(JsonToken.START_OBJECT)) {
        envelope(at);
      } else {
        parser.skipChildren();
      }
    }

    private void envelope(List<String> at) throws IOException {
      Set<String> seen = new HashSet<>();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        if (!seen.add(name)) {
          throw new JsonParseException(parser, "Duplicate field '" + name + "'");
        }
        parser.nextToken();
        List<String> below = new ArrayList<>(at);
        below.add(name);
        value(below);
      }
    }

    private void records() throws IOException {
      found = true;
      switch (endpoint.answer()) {
        case OBJECT -> record(endpoint.records());
        case LIST -> {
          require(JsonToken.START_ARRAY, "a list", endpoint.records());
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            record(endpoint.records());
          }
        }
      }
    }

    private void record(List<String> at) throws IOException {
      require(JsonToken.START_OBJECT, "an object as record " + rows.size(), at);
      Row row = records.read(parser, slice.scope(), rows.size(), reading);
      rows.add(row);
      for (Inner inner : inners) {
        String json = reading.captured(inner.path().get(0));
        if (json != null) {
          innerRecords(inner, json, row);
        }
      }
      reading.endCaptures();
    }

    private void innerRecords(Inner inner, String json, Row parent) throws IOException {
      Scope scope = inner.scope(stream(), parent);
      List<Row> found = embedded.get(inner.name());
      try (JsonParser again = JsonText.parser(json)) {
        if (!descend(again, inner.path().subList(1, inner.path().size()))) {
          return;
        }
        if (!again.hasToken(JsonToken.START_ARRAY)) {
          throw unexpected("a list", inner.path(), again);
        }
        for (int i = 0; again.nextToken() != JsonToken.END_ARRAY; i++) {
          if (!again.hasToken(JsonToken.START_OBJECT)) {
            throw unexpected("an object as record " + i, inner.path(), again);
          }
          found.add(inner.reader().read(again, scope, i, innerReadings.get(inner.name())));
        }
      }
    }

    /** Moves down to the value of a path; false when it is null or not there. */
    private boolean descend(JsonParser json, List<String> path) throws IOException {
      for (String key : path) {
        if (!json.hasToken(JsonToken.START_OBJECT)) {
          break;
        }
        String name = json.nextFieldName();
        while (name != null && !name.equals(key)) {
          json.nextToken();
          json.skipChildren();
          name = json.nextFieldName();
        }
        if (name == null) {
          return false;
        }
        json.nextToken();
      }
      return !json.hasToken(JsonToken.VALUE_NULL);
    }

    private void requireRecords() {
      if (!found) {
        throw new ConnectorException(
            ErrorCode.UNEXPECTED_ANSWER,
            "%s: the answer has no '%s', where the records should be"
                .formatted(slice.name(), String.join(".", endpoint.records())));
      }
    }

    private void require(JsonToken token, String expected, List<String> at) {
      if (!parser.hasToken(token)) {
        throw unexpected(expected, at, parser);
      }
    }

    private ConnectorException unexpected(String expected, List<String> at, JsonParser found) {
      return new ConnectorException(
          ErrorCode.UNEXPECTED_ANSWER,
          "%s: the answer has %s at %s, where %s should be"
              .formatted(
                  slice.name(),
                  kind(found.currentToken()),
                  at.isEmpty() ? "its top" : "'" + String.join(".", at) + "'",
                  expected));
    }

    private Drift drift() {
      Drift drift = reading.drift();
      for (Reading inner : innerReadings.values()) {
        drift = drift.and(inner.drift());
      }
      return drift;
    }
  }

  private static boolean begins(List<String> path, List<String> at) {
    return at.size() < path.size() && path.subList(0, at.size()).equals(at);
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_NULL -> "null";
      default -> "a flag";
    };
  }
}
