// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClockifySourceTest {
  private static final String FIELDS =
      """
      key: [id]
      fields: {id: {type: string, doc: Id.}}
      example: {}
      """;
  private static final String PROJECTS =
      """
      stream: projects
      doc: Paged.
      endpoint:
        path: /workspaces/{workspaces.id}/projects
        query: {sort: ID, kinds: [A, "B C"]}
        tentative: {extra: "1"}
        paging: {max: 1000}
      reference: project_id
      """
          + FIELDS;
  private static final String TASKS =
      """
      stream: tasks
      doc: A child.
      endpoint:
        path: /workspaces/{workspaces.id}/projects/{projects.id}/tasks
        paging: {max: 400}
      """
          + FIELDS;
  private static final String REQUESTS =
      """
      stream: requests
      doc: Asked by POST, with a count.
      endpoint:
        method: POST
        path: /workspaces/{workspaces.id}/requests
        body: {statuses: [ALL]}
        records: requests
        count: count
        paging: {style: body, size: pageSize, max: 3}
      """
          + FIELDS;
  private static final String SMALL =
      """
      stream: small
      doc: Small pages.
      endpoint: {path: "/workspaces/{workspaces.id}/small", paging: {max: 3}}
      """
          + FIELDS;
  private static final String WHOLE =
      """
      stream: whole
      doc: Not paged.
      endpoint: {path: "/workspaces/{workspaces.id}/whole", paged: false}
      """
          + FIELDS;
  private static final Scope PROJECT = Fixture.WORKSPACE.with("project_id", "p/1 ü");

  private final StreamCatalog catalog = Fixture.catalog(PROJECTS, TASKS, REQUESTS, SMALL, WHOLE);

  @Test
  void asksForPagesWithEverythingEncoded() {
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok("[]"));
    Slice tasks =
        new Slice(
            catalog.stream("tasks"), PROJECT, Period.ALWAYS, Map.of("start", "2026-01-01T00:00Z"));
    source(exchange).open(tasks).next();
    read(exchange, "projects", Fixture.WORKSPACE);
    assertThat(exchange.uris())
        .containsExactly(
            "http://service/api/v1/workspaces/w1/projects/p%2F1%20%C3%BC/tasks"
                + "?start=2026-01-01T00%3A00Z&page=1&page-size=400",
            "http://service/api/v1/workspaces/w1/projects"
                + "?sort=ID&kinds=A&kinds=B%20C&extra=1&page=1&page-size=1000");
  }

  @Test
  void namesTheHostThatHasNoAddress() {
    ClockifySource source =
        new ClockifySource(
            new ScriptedExchange(request -> ScriptedExchange.ok("[]")), catalog, Map.of());
    Slice slice = Fixture.slice(catalog.stream("whole"), Fixture.WORKSPACE);
    assertThatThrownBy(() -> source.open(slice).next())
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("set source.base_url");
  }

  /** With pages of 3: of a page that is just full nobody's word is taken for the end. */
  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "2,1", "3,2", "4,2", "6,3", "7,3"})
  void readsToTheLastPageByHeader(int rows, int requests) {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              int page = ScriptedExchange.parameter(request, "page");
              String last = page * 3 >= rows ? "TRUE" : "False";
              return ScriptedExchange.ok(page(rows, page, 3), last);
            });
    assertThat(read(exchange, "small", Fixture.WORKSPACE)).isEqualTo(ids(rows));
    assertThat(exchange.requests).hasSize(requests);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "2,1", "3,2", "4,2", "6,3", "7,3"})
  void readsToAShortPageWithoutHeader(int rows, int requests) {
    ScriptedExchange exchange = new ScriptedExchange(paged(rows));
    assertThat(read(exchange, "small", Fixture.WORKSPACE)).isEqualTo(ids(rows));
    assertThat(exchange.requests).hasSize(requests);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "3,2", "4,2", "6,3", "7,3"})
  void readsToTheCountByPost(int rows, int requests) {
    List<String> bodies = new ArrayList<>();
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              bodies.add(request.body().orElseThrow());
              String records = page(rows, bodies.size(), 3);
              return ScriptedExchange.ok("{\"requests\":%s,\"count\":%d}".formatted(records, rows));
            });
    assertThat(read(exchange, "requests", Fixture.WORKSPACE)).isEqualTo(ids(rows));
    assertThat(bodies).hasSize(requests);
    assertThat(bodies.get(0)).isEqualTo("{\"statuses\":[\"ALL\"],\"page\":1,\"pageSize\":3}");
    assertThat(exchange.uris().get(0)).isEqualTo("http://service/api/v1/workspaces/w1/requests");
  }

  @Test
  void endsAtAnEmptyPageThoughTheCountPromisesMore() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request ->
                ScriptedExchange.ok(
                    request.body().orElseThrow().contains("\"page\":1,")
                        ? "{\"count\":9,\"requests\":[{\"id\":\"0\"}]}"
                        : "{\"count\":9,\"requests\":[]}"));
    assertThat(read(exchange, "requests", Fixture.WORKSPACE)).containsExactly("0");
  }

  /** A page of 50 that was asked for 1000 may be capped; one of 51 is not. */
  @ParameterizedTest
  @CsvSource({"49,1", "50,2", "51,2", "120,3", "150,4"})
  void asksOnceMoreWhenAShortPageLooksCapped(int rows, int requests) {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request ->
                ScriptedExchange.ok(page(rows, ScriptedExchange.parameter(request, "page"), 50)));
    assertThat(read(exchange, "projects", Fixture.WORKSPACE)).isEqualTo(ids(rows));
    assertThat(exchange.requests).hasSize(requests);
  }

  @Test
  void takesAnUncappedPageForAllWhenTheNextRepeatsIt() {
    ScriptedExchange exchange =
        new ScriptedExchange(request -> ScriptedExchange.ok(page(100, 1, 100)));
    assertThat(read(exchange, "projects", Fixture.WORKSPACE)).isEqualTo(ids(100));
    assertThat(sizes(exchange)).containsExactly(1000, 100);
  }

  @Test
  void readsAnUnpagedEndpointOnce() {
    ScriptedExchange exchange =
        new ScriptedExchange(request -> ScriptedExchange.ok(page(100, 1, 100), "false"));
    assertThat(read(exchange, "whole", Fixture.WORKSPACE)).hasSize(100);
    assertThat(exchange.uris()).containsExactly("http://service/api/v1/workspaces/w1/whole");
  }

  @Test
  void refusesARepeatedPage() {
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok(page(3, 1, 3)));
    assertUnexpected(exchange, "repeated page: page 2");
  }

  @Test
  void refusesAnEmptyPageThatIsNotTheLast() {
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok("[]", "false"));
    assertUnexpected(exchange, "page 1 is empty");
  }

  @Test
  void refusesASliceWithoutEnd() {
    ScriptedExchange exchange = new ScriptedExchange(paged(Integer.MAX_VALUE / 2));
    assertUnexpected(exchange, "page 20 is still not the last");
    assertThat(exchange.requests).hasSize(20);
  }

  @Test
  void asksAgainForABrokenBodyAndKeepsNothingOfIt() {
    List<String> bodies = new ArrayList<>(List.of("[{\"id\":\"0\"},{\"id\":", "[{\"id\":\"0\"}]"));
    ScriptedExchange exchange =
        new ScriptedExchange(request -> ScriptedExchange.ok(bodies.remove(0)));
    assertThat(read(exchange, "small", Fixture.WORKSPACE)).containsExactly("0");
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"REJECTED", "PARENT_GONE"})
  void halvesASizeThatIsRefusedInWhateverWords(ErrorCode words) {
    ScriptedExchange exchange = new ScriptedExchange(refusingAbove(120, words, paged(250)));
    ClockifySource source = source(exchange);
    Slice slice = Fixture.slice(catalog.stream("tasks"), PROJECT);
    assertThat(read(source, slice)).isEqualTo(ids(250));
    assertThat(sizes(exchange)).containsExactly(400, 50, 200, 100, 100, 100);
    exchange.requests.clear();
    assertThat(read(source, slice)).isEqualTo(ids(250));
    assertThat(sizes(exchange)).as("remembered").containsExactly(100, 100, 100);
  }

  @Test
  void goesOnAtTheSamePlaceWhenALaterPageIsRefused() {
    Function<Request, Response> service = paged(1000);
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              if (ScriptedExchange.parameter(request, "page") > 1
                  && ScriptedExchange.parameter(request, "page-size") > 150) {
                throw ScriptedExchange.verdict(ErrorCode.REJECTED);
              }
              return service.apply(request);
            });
    assertThat(read(exchange, "tasks", PROJECT)).isEqualTo(ids(1000));
    assertThat(sizes(exchange)).startsWith(400, 400, 50, 200, 100, 100);
  }

  @Test
  void believesThatAParentIsGoneOnlyWhenAModestRequestSaysSo() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              throw ScriptedExchange.verdict(ErrorCode.PARENT_GONE);
            });
    assertFails(exchange, "tasks", PROJECT, ErrorCode.PARENT_GONE);
    assertThat(sizes(exchange)).containsExactly(400, 50);
  }

  @Test
  void believesItAtOnceAtASizeThatHasWorked() {
    Function<Request, Response> service = paged(1);
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              if (request.uri().getPath().contains("gone")) {
                throw ScriptedExchange.verdict(ErrorCode.PARENT_GONE);
              }
              return service.apply(request);
            });
    ClockifySource source = source(exchange);
    read(source, Fixture.slice(catalog.stream("tasks"), PROJECT));
    exchange.requests.clear();
    Slice gone =
        Fixture.slice(catalog.stream("tasks"), Fixture.WORKSPACE.with("project_id", "gone"));
    assertThatThrownBy(() -> read(source, gone)).isInstanceOf(ConnectorException.class);
    assertThat(sizes(exchange)).containsExactly(400);
  }

  @Test
  void neverTakesAWorkspaceForAGoneParent() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              throw ScriptedExchange.verdict(ErrorCode.PARENT_GONE);
            });
    assertFails(exchange, "small", Fixture.WORKSPACE, ErrorCode.REJECTED);
    assertFails(exchange, "whole", Fixture.WORKSPACE, ErrorCode.REJECTED);
    assertFails(exchange, "projects", Fixture.WORKSPACE, ErrorCode.REJECTED);
  }

  @Test
  void letsARefusalStandThatHasNothingToDoWithTheSize() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              throw ScriptedExchange.verdict(ErrorCode.REJECTED);
            });
    assertFails(exchange, "tasks", PROJECT, ErrorCode.REJECTED);
    assertThat(sizes(exchange)).containsExactly(400, 50);
  }

  @Test
  void asksNothingTwiceOfWhoMayNotRead() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              throw ScriptedExchange.verdict(ErrorCode.FORBIDDEN);
            });
    assertFails(exchange, "projects", Fixture.WORKSPACE, ErrorCode.FORBIDDEN);
    assertThat(exchange.requests).hasSize(1);
  }

  @Test
  void leavesOutTentativeParametersBeforeItHalves() {
    Function<Request, Response> service = paged(3);
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              if (request.uri().getQuery().contains("extra=1")) {
                throw ScriptedExchange.verdict(ErrorCode.REJECTED);
              }
              return service.apply(request);
            });
    ClockifySource source = source(exchange);
    Slice slice = Fixture.slice(catalog.stream("projects"), Fixture.WORKSPACE);
    assertThat(source.probe(slice).rows()).hasSize(1);
    assertThat(read(source, slice)).isEqualTo(ids(3));
    assertThat(sizes(exchange)).as("what the probe learned is used").containsExactly(1, 1, 1000);
  }

  @Test
  void keepsTentativeParametersWhenTheSizeWasAtFault() {
    ScriptedExchange exchange =
        new ScriptedExchange(refusingAbove(500, ErrorCode.REJECTED, paged(3)));
    ClockifySource source = source(exchange);
    Slice slice = Fixture.slice(catalog.stream("projects"), Fixture.WORKSPACE);
    read(source, slice);
    read(source, slice);
    assertThat(sizes(exchange)).containsExactly(1000, 50, 1000, 500, 500);
    assertThat(exchange.uris().get(4)).contains("extra=1");
  }

  @Test
  void probesWithOneRow() {
    ScriptedExchange exchange = new ScriptedExchange(paged(9));
    ClockifySource source = source(exchange);
    Page page = source.probe(Fixture.slice(catalog.stream("tasks"), PROJECT));
    assertThat(page.rows()).hasSize(1);
    source.probe(Fixture.slice(catalog.stream("whole"), Fixture.WORKSPACE));
    assertThat(sizes(exchange)).containsExactly(1, -1);
  }

  private void assertUnexpected(ScriptedExchange exchange, String message) {
    assertThatThrownBy(() -> read(exchange, "small", Fixture.WORKSPACE))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageContaining(message);
  }

  private void assertFails(ScriptedExchange exchange, String stream, Scope scope, ErrorCode code) {
    assertThatThrownBy(() -> read(exchange, stream, scope))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private ClockifySource source(ScriptedExchange exchange) {
    return new ClockifySource(exchange, catalog, Fixture.BASES);
  }

  private List<String> read(ScriptedExchange exchange, String stream, Scope scope) {
    return read(source(exchange), Fixture.slice(catalog.stream(stream), scope));
  }

  private List<String> read(ClockifySource source, Slice slice) {
    Source.SliceReader reader = source.open(slice);
    List<String> ids = new ArrayList<>();
    Page page;
    do {
      page = reader.next();
      page.rows().forEach(row -> ids.add((String) row.get(slice.stream().position("id"))));
    } while (!page.last());
    return ids;
  }

  private static List<Integer> sizes(ScriptedExchange exchange) {
    return exchange.requests.stream()
        .map(request -> ScriptedExchange.parameter(request, "page-size"))
        .toList();
  }

  private static Function<Request, Response> refusingAbove(
      int max, ErrorCode words, Function<Request, Response> service) {
    return request -> {
      if (ScriptedExchange.parameter(request, "page-size") > max) {
        throw ScriptedExchange.verdict(words);
      }
      return service.apply(request);
    };
  }

  private static Function<Request, Response> paged(int rows) {
    return request ->
        ScriptedExchange.ok(
            request.uri().getPath().endsWith("/whole")
                ? page(rows, 1, rows)
                : page(
                    rows,
                    ScriptedExchange.parameter(request, "page"),
                    ScriptedExchange.parameter(request, "page-size")));
  }

  private static List<String> ids(int rows) {
    return IntStream.range(0, rows).mapToObj(Integer::toString).toList();
  }

  private static String page(int rows, int page, int size) {
    return IntStream.range(Math.min(rows, (page - 1) * size), Math.min(rows, page * size))
        .mapToObj("{\"id\":\"%d\"}"::formatted)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
