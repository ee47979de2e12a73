// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One request on its way to an endpoint: who asks, for what, with which parameters.
 *
 * <p>A parameter that cannot be read is remembered as {@link #refusal()}; it wins over whatever the
 * endpoint answers, so that endpoints need not check. For one thread.
 */
final class Call {
  /** The general maximum of rows per page of the main host. */
  static final int GENERAL_MAXIMUM = 5000;

  private static final int DEFAULT_PAGE_SIZE = 50;

  private final World world;
  private final Caller caller;
  private final Map<String, String> variables;
  private final Map<String, List<String>> query;
  private final byte[] body;
  private final int turn;
  private Answer refusal;

  /**
   * @param variables the placeholders of the route's path, filled
   * @param turn counts requests: sets are rotated by it
   */
  Call(
      World world,
      Caller caller,
      Map<String, String> variables,
      Map<String, List<String>> query,
      byte[] body,
      int turn) {
    this.world = world;
    this.caller = caller;
    this.variables = variables;
    this.query = query;
    this.body = body;
    this.turn = turn;
  }

  World world() {
    return world;
  }

  Caller caller() {
    return caller;
  }

  /** Whether the caller may see what the record with this user's id tells. */
  boolean mayRead(String userId) {
    return caller.admin() || caller.userId().equals(userId);
  }

  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /** The workspace in the path; the router has made sure of it. */
  Workspace workspace() {
    return world.workspace(variable("workspace"));
  }

  JsonNode body() {
    return Json.parse(body);
  }

  int turn() {
    return turn;
  }

  Optional<Answer> refusal() {
    return Optional.ofNullable(refusal);
  }

  void refuse(Answer answer) {
    if (refusal == null) {
      refusal = answer;
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
  }

  /** All values of a parameter that is repeated or separated by commas. */
  List<String> texts(String name) {
    List<String> values = new ArrayList<>();
    for (String value : query.getOrDefault(name, List.of())) {
      values.addAll(List.of(value.split(",")));
    }
    return values;
  }

  /** The values, each one of those allowed. */
  List<String> options(String name, List<String> allowed) {
    List<String> values = texts(name);
    for (String value : values) {
      if (!allowed.contains(value)) {
        refuse(Answer.unreadable(name, value, "enum " + allowed));
      }
    }
    return values;
  }

  String option(String name, List<String> allowed, String otherwise) {
    List<String> values = options(name, allowed);
    return values.isEmpty() ? otherwise : values.get(0);
  }

  Optional<Boolean> flag(String name) {
    Optional<String> value = text(name);
    if (value.isPresent() && !List.of("true", "false").contains(value.get())) {
      refuse(Answer.unreadable(name, value.get(), "java.lang.Boolean"));
    }
    return value.map(Boolean::parseBoolean);
  }

  int number(String name, int otherwise, int least, int most) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
      refuse(
          Answer.refusal(
              400, 3002, String.format("%s must be between %d and %d", name, least, most)));
    } catch (NumberFormatException e) {
      refuse(Answer.unreadable(name, value.get(), "java.lang.Integer"));
    }
    return otherwise;
  }

  /** An instant; an offset is honoured. */
  Optional<Instant> instant(String name) {
    Optional<String> value = text(name);
    try {
      return value.map(given -> OffsetDateTime.parse(given).toInstant());
    } catch (DateTimeException e) {
      refuse(Answer.unreadable(name, value.orElse(""), "java.time.Instant"));
      return Optional.empty();
    }
  }

  Instant required(String name) {
    if (text(name).isEmpty()) {
      refuse(Answer.missing(name));
    }
    return instant(name).orElse(Instant.EPOCH);
  }

  /** The records in the order asked for, by the given columns; ties by id. */
  List<ObjectNode> sorted(
      Collection<ObjectNode> records, Map<String, String> columns, String otherwise) {
    String column = option("sort-column", columns.keySet().stream().sorted().toList(), otherwise);
    String order = option("sort-order", List.of("ASCENDING", "DESCENDING"), "ASCENDING");
    JsonPointer pointer = JsonPointer.compile(columns.getOrDefault(column, "/id"));
    Comparator<ObjectNode> ascending = Comparator.comparing(record -> key(record.at(pointer)));
    List<ObjectNode> sorted = new ArrayList<>(records);
    sorted.sort(order.equals("DESCENDING") ? ascending.reversed() : ascending);
    return sorted;
  }

  private static String key(JsonNode value) {
    return value.isNumber() ? String.format("%020d", value.asLong()) : value.asText("");
  }

  Answer ok(JsonNode value) {
    return Answer.ok(value, turn);
  }

  PageRange page() {
    return page(DEFAULT_PAGE_SIZE, GENERAL_MAXIMUM);
  }

  PageRange page(int defaultSize, int mostSize) {
    int page = number("page", 1, 1, Integer.MAX_VALUE);
    return new PageRange(page, number("page-size", defaultSize, 1, mostSize));
  }

  /** A page of an array, with the header that says whether it is the last. */
  Answer paged(PageRange page, List<ObjectNode> records, UnaryOperator<ObjectNode> view) {
    return page.marked(
        Answer.ok(
            out -> {
              out.writeStartArray();
              for (ObjectNode record : page.of(records)) {
                Json.write(out, view.apply(record), turn);
              }
              out.writeEndArray();
            }),
        records.size());
  }

  Answer paged(List<ObjectNode> records, UnaryOperator<ObjectNode> view) {
    return paged(page(), records, view);
  }

  /** A list that is not paged: parameters of paging are ignored, and there is no header. */
  Answer whole(List<? extends JsonNode> records) {
    return ok(Json.list(records));
  }
}
