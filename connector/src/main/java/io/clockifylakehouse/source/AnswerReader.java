// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Embedded;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Placeholder;
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

  /** No page and no unpaged list is that long; a body of tiny records could be. */
  private static final int RECORDS_MAX = 100_000;

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
  private final Optional<String> identity;

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
    this.identity = identity(stream, endpoint);
  }

  /**
   * The scope's column that a single record is asked for by and must itself say: nothing else tells
   * the record of one object from another one's.
   */
  private static Optional<String> identity(StreamDefinition stream, Endpoint endpoint) {
    List<Placeholder> path = Placeholder.in(endpoint.path());
    if (endpoint.answer() != Endpoint.Answer.OBJECT || path.isEmpty()) {
      return Optional.empty();
    }
    Placeholder last = path.get(path.size() - 1);
    boolean byKey =
        endpoint.path().endsWith(last.text()) && stream.key().equals(List.of(last.column()));
    boolean own = last.stream().equals(stream.name());
    return byKey
        ? Optional.of(own ? Scope.OWN : stream.scope().get(path.size() - 1))
        : Optional.empty();
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
   * @throws ConnectorException UNEXPECTED_ANSWER when it is JSON of another shape, about another
   *     object than the one asked for, or larger or deeper than any answer
   */
  Answer read(Response response, Slice slice) throws IOException {
    AnswerBody body = new AnswerBody(response.open());
    try (JsonParser parser = JsonText.parser(body)) {
      if (parser.nextToken() == null) {
        throw new IOException(slice.name() + ": the answer has an empty body");
      }
      Walk walk = new Walk(parser, slice, response);
      try {
        walk.value(List.of());
        walk.requireRecords();
      } catch (ConnectorException e) {
        // A verdict on the shape holds only for a whole body.
        drain(parser);
        throw e;
      }
      if (parser.nextToken() != null) {
        throw new IOException(slice.name() + ": the answer goes on after the end of its JSON");
      }
      Optional<Boolean> lastPage =
          response.header(LAST_PAGE).map(String::trim).flatMap(AnswerReader::flag);
      return new Answer(walk.rows, walk.embedded, walk.drift(), walk.count, lastPage);
    } catch (StreamConstraintsException e) {
      throw unusable(slice, e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw new IOException(slice.name() + ": the answer is " + Seen.broken(response, e));
    } catch (IOException e) {
      if (body.tooLarge()) {
        throw unusable(slice, e.getMessage());
      }
      throw e;
    }
  }

  private static ConnectorException unusable(Slice slice, String why) {
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER,
        slice.name() + ": the answer is beyond what any answer should be: " + why);
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
    private final Response response;
    private final Reading reading = new Reading("");
    private final Map<String, Reading> innerReadings = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, List<Row>> embedded = new LinkedHashMap<>();
    private Optional<Long> count = Optional.empty();
    private boolean found;

    private Walk(JsonParser parser, Slice slice, Response response) {
      this.parser = parser;
      this.slice = slice;
      this.response = response;
      for (Inner inner : inners) {
        innerReadings.put(inner.name(), new Reading(String.join(".", inner.path()) + "[]"));
        embedded.put(inner.name(), new ArrayList<>());
      }
    }

    private void value(List<String> at) throws IOException {
      if (at.equals(endpoint.records())) {
        records();
      } else if (!at.isEmpty() && at.equals(endpoint.count())) {
        count = Optional.ofNullable(ValueReader.whole(parser)).filter(number -> number >= 0);
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
      if (rows.size() == RECORDS_MAX) {
        throw unusable(slice, "it has more than " + RECORDS_MAX + " records");
      }
      Row row = records.read(parser, slice.scope(), rows.size(), reading);
      requireAskedFor(row);
      rows.add(row);
      for (Inner inner : inners) {
        String json = reading.captured(inner.path().get(0));
        if (json != null) {
          innerRecords(inner, json, row);
        }
      }
      reading.endCaptures();
    }

    /** What a proxy mixed up is not written where it does not belong. */
    private void requireAskedFor(Row row) {
      Optional<String> other = reading.otherScope();
      if (identity.isPresent()) {
        String asked = slice.scope().ids().get(identity.get());
        Object key = records.key(row).get(0);
        other = asked == null || key.equals(asked) ? other : Optional.of("the record " + key);
      }
      if (other.isPresent()) {
        throw new ConnectorException(
            ErrorCode.UNEXPECTED_ANSWER,
            "%s: record %d of the answer belongs to %s, which was not asked for"
                .formatted(slice.name(), rows.size(), Seen.quote(other.get())));
      }
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
            "%s: the answer is %s, without '%s', where the records should be"
                .formatted(slice.name(), Seen.top(response), String.join(".", endpoint.records())));
      }
    }

    private void require(JsonToken token, String expected, List<String> at) {
      if (!parser.hasToken(token)) {
        throw unexpected(expected, at, parser);
      }
    }

    private ConnectorException unexpected(String expected, List<String> at, JsonParser found) {
      JsonStreamContext place = found.getParsingContext();
      boolean top =
          found == parser
              && (place.inRoot()
                  || found.currentToken().isStructStart() && place.getParent().inRoot());
      String seen = top ? Seen.top(response) : Seen.kind(found.currentToken());
      return new ConnectorException(
          ErrorCode.UNEXPECTED_ANSWER,
          "%s: the answer has %s at %s, where %s should be"
              .formatted(
                  slice.name(),
                  seen,
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
}
