// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.StreamDefinition;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The number that the service states beside a list, for one request a list: a page of one row is
 * asked for. Where what is stated turns out to be the number of rows on the page, the pages are
 * counted out (API.md section 7.11 leaves open which it is). Immutable.
 */
record CountCheck(ServiceFigures service) {
  /** The streams whose lists state how many there are. */
  static final Set<String> STREAMS =
      Set.of("invoices", "expense_categories", "time_off_requests", "time_off_balances");

  private static final String COUNT = "count";
  private static final int COUNTING_SIZE = 200;
  private static final int PAGES_MAX = 100_000;

  /**
   * @param parents ids of the parents that the stream's path names below the workspace, if any
   */
  long count(StreamDefinition stream, String workspaceId, Set<String> parents) {
    Endpoint endpoint = stream.endpoint().orElseThrow();
    List<Placeholder> placeholders = Placeholder.in(endpoint.path());
    String path = endpoint.path().replace(placeholders.get(0).text(), workspaceId);
    List<String> paths = new ArrayList<>();
    if (placeholders.size() == 1) {
      paths.add(path);
    } else {
      parents.forEach(id -> paths.add(path.replace(placeholders.get(1).text(), id)));
    }
    long count = 0;
    for (String each : paths) {
      for (Map<String, String> variant : endpoint.variants()) {
        count += count(endpoint, each, variant, placeholders.size() > 1);
      }
    }
    return count;
  }

  private long count(
      Endpoint endpoint, String path, Map<String, String> variant, boolean hasParent) {
    try {
      ServiceFigures.Reply reply = ask(endpoint, path, variant, 1, 1);
      long rows = rows(endpoint, path, reply).size();
      long stated = stated(endpoint, path, reply);
      if (stated > rows || rows == 0 || reply.lastPage().orElse(true)) {
        return stated;
      }
    } catch (ConnectorException e) {
      if (e.code() == ErrorCode.PARENT_GONE && hasParent) {
        return 0;
      }
      throw e;
    }
    return countOut(endpoint, path, variant);
  }

  private long countOut(Endpoint endpoint, String path, Map<String, String> variant) {
    long count = 0;
    for (int page = 1; page <= PAGES_MAX; page++) {
      ServiceFigures.Reply reply = ask(endpoint, path, variant, page, COUNTING_SIZE);
      int rows = rows(endpoint, path, reply).size();
      count += rows;
      if (reply.lastPage().orElse(rows < COUNTING_SIZE)) {
        return count;
      }
    }
    throw unexpected(path, "it has no last page");
  }

  private ServiceFigures.Reply ask(
      Endpoint endpoint, String path, Map<String, String> variant, int page, int size) {
    Paging paging = endpoint.paging();
    int number = page - 1 + paging.first();
    if (paging.style() == Paging.Style.BODY) {
      ObjectNode body = endpoint.body().orElseThrow().deepCopy();
      body.put(paging.page(), number).put(paging.size(), size);
      variant.forEach(body::put);
      return service.list(endpoint.host(), path, Optional.of(body));
    }
    Map<String, List<String>> query = new LinkedHashMap<>(endpoint.query());
    variant.forEach((name, value) -> query.put(name, List.of(value)));
    query.put(paging.page(), List.of(Integer.toString(number)));
    query.put(paging.size(), List.of(Integer.toString(size)));
    List<String> parts = new ArrayList<>();
    query.forEach((name, values) -> values.forEach(v -> parts.add(name + "=" + encoded(v))));
    return service.list(endpoint.host(), path + "?" + String.join("&", parts), Optional.empty());
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static JsonNode rows(Endpoint endpoint, String path, ServiceFigures.Reply reply) {
    JsonNode node = at(reply.body(), endpoint.records());
    if (!node.isArray()) {
      throw unexpected(path, "it has no list '" + String.join(".", endpoint.records()) + "'");
    }
    return node;
  }

  /** Where the stream file names no place, the count stands beside the records. */
  private static long stated(Endpoint endpoint, String path, ServiceFigures.Reply reply) {
    List<String> place = new ArrayList<>(endpoint.count());
    if (place.isEmpty()) {
      place.addAll(endpoint.records().subList(0, endpoint.records().size() - 1));
      place.add(COUNT);
    }
    JsonNode count = at(reply.body(), place);
    if (!count.isIntegralNumber()) {
      throw unexpected(path, "it has no number '" + String.join(".", place) + "'");
    }
    return count.asLong();
  }

  private static JsonNode at(JsonNode node, List<String> keys) {
    JsonNode at = node;
    for (String key : keys) {
      at = at.path(key);
    }
    return at;
  }

  private static ConnectorException unexpected(String path, String what) {
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER, path + ": the answer is not the documented list: " + what);
  }
}
