// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Host;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the service itself says its records add up to: the totals and rows of its reports (API.md
 * section 7.20), and the counts beside its lists. Nothing of it is read the way a sync reads.
 *
 * <p>Safe for use by several threads.
 *
 * @param bases the base URL of each host
 */
record ServiceFigures(Exchange exchange, Map<Host, URI> bases) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REPORT_PAGE = 1_000;
  private static final int PAGES_MAX = 10_000;

  /**
   * What a report adds up to.
   *
   * @param sum of the seconds, or of the amounts
   */
  record Totals(long count, double sum) {}

  /**
   * An entry as a report shows it.
   *
   * @param endMicros empty while its timer runs
   */
  record Entry(
      String id, String userId, long startMicros, Optional<Long> endMicros, long seconds) {}

  /** An answer with the header that says whether it is the last page. */
  record Reply(JsonNode body, Optional<Boolean> lastPage) {}

  /** The stopped entries that start in a window: how many, and their seconds. */
  Totals entries(String workspaceId, TimeWindow window) {
    String path = "/workspaces/" + workspaceId + "/reports/detailed";
    JsonNode totals = report(path, entryRequest(window, 1, 1, true)).path("totals");
    if (!totals.isArray()) {
      throw unexpected(path, "it has no list 'totals'");
    }
    JsonNode total = totals.path(0);
    if (total.isNull() || total.isMissingNode()) {
      return new Totals(0, 0);
    }
    if (!total.path("entriesCount").isIntegralNumber() || !total.path("totalTime").isNumber()) {
      throw unexpected(path, "its totals lack entriesCount or totalTime");
    }
    return new Totals(total.path("entriesCount").asLong(), total.path("totalTime").asLong());
  }

  /** The entries that start in a window, one by one. */
  List<Entry> entryRows(String workspaceId, TimeWindow window) {
    String path = "/workspaces/" + workspaceId + "/reports/detailed";
    List<Entry> entries = new ArrayList<>();
    for (int page = 1; page <= PAGES_MAX; page++) {
      JsonNode rows =
          report(path, entryRequest(window, page, REPORT_PAGE, false)).path("timeentries");
      if (!rows.isArray()) {
        throw unexpected(path, "it has no list 'timeentries'");
      }
      rows.forEach(row -> entries.add(entry(path, row)));
      if (rows.size() < REPORT_PAGE) {
        return entries;
      }
    }
    throw unexpected(path, "it goes on for more than " + PAGES_MAX + " pages");
  }

  private static ObjectNode entryRequest(TimeWindow window, int page, int size, boolean totals) {
    ObjectNode body = window(window).put("amountShown", "HIDE_AMOUNT").put("rounding", false);
    body.putObject("users").put("contains", "CONTAINS").put("status", "ALL").putArray("ids");
    ObjectNode filter = body.putObject("detailedFilter");
    filter.put("page", page).put("pageSize", size).put("sortColumn", "ID");
    filter.putObject("options").put("totals", totals ? "CALCULATE" : "EXCLUDE");
    return body;
  }

  private static ObjectNode window(TimeWindow window) {
    return JSON.createObjectNode()
        .put("dateRangeStart", window.firstMoment())
        .put("dateRangeEnd", window.lastMoment())
        .put("timeZone", "UTC")
        .put("exportType", "JSON")
        .put("sortOrder", "ASCENDING");
  }

  private static Entry entry(String path, JsonNode row) {
    String id = row.path("_id").asText(row.path("id").asText());
    JsonNode interval = row.path("timeInterval");
    try {
      return new Entry(
          id,
          row.path("userId").asText(),
          micros(interval.path("start")).orElseThrow(),
          micros(interval.path("end")),
          interval.path("duration").asLong());
    } catch (DateTimeException | java.util.NoSuchElementException e) {
      throw unexpected(path, "entry " + id + " has no readable interval");
    }
  }

  private static Optional<Long> micros(JsonNode time) {
    return time.isTextual()
        ? Optional.of(TimeWindow.micros(OffsetDateTime.parse(time.asText()).toInstant()))
        : Optional.empty();
  }

  /** The expenses of a window: how many, and their total. */
  Totals expenses(String workspaceId, TimeWindow window) {
    String path = "/workspaces/" + workspaceId + "/reports/expenses/detailed";
    ObjectNode body = window(window).put("page", 1).put("pageSize", 1).put("sortColumn", "ID");
    JsonNode totals = report(path, body).path("totals");
    if (!totals.path("expensesCount").isIntegralNumber()) {
      throw unexpected(path, "its totals lack expensesCount");
    }
    return new Totals(totals.path("expensesCount").asLong(), totals.path("totalAmount").asDouble());
  }

  private JsonNode report(String path, ObjectNode body) {
    return send(Request.post(url(Host.REPORTS, path), body.toString())).body();
  }

  /** Asks a list for one page. */
  Reply list(Host host, String path, Optional<ObjectNode> body) {
    URI url = url(host, path);
    return send(body.map(b -> Request.post(url, b.toString())).orElseGet(() -> Request.get(url)));
  }

  private URI url(Host host, String path) {
    URI base = bases.get(host);
    if (base == null) {
      throw new ConnectorException(
          ErrorCode.REJECTED,
          "no base URL is configured for the service's report host: set source.reports_url");
    }
    return URI.create(base.toString().replaceAll("/+$", "") + path);
  }

  private Reply send(Request request) {
    return exchange.send(request, ServiceFigures::read);
  }

  private static Reply read(Response response) throws IOException {
    try (InputStream body = response.open()) {
      JsonNode json = JSON.readTree(body);
      return new Reply(
          json == null ? JSON.missingNode() : json,
          response.header("last-page").map(Boolean::parseBoolean));
    }
  }

  private static ConnectorException unexpected(String path, String what) {
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER, path + ": the answer is not the documented report: " + what);
  }
}
