// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Feeds mutated answers of the simulated service to the source: each is either read, and then every
 * row holds one record of the body and nothing else, or refused with a code.
 *
 * <p>{@code -Dfuzz.inputs=N} tries more, {@code -Dseed=N} others.
 */
class AnswerFuzzTest {
  private static final StreamCatalog CATALOG = StreamCatalog.packaged();
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 6_000);
  private static final long SEED = Long.getLong("seed", 20_261_121);
  private static final int PAGES_MAX = 4;
  private static final Set<ErrorCode> CODES =
      Set.of(ErrorCode.UNEXPECTED_ANSWER, ErrorCode.UNAVAILABLE);

  private static List<RealAnswers.Sample> samples;

  private IntFunction<Response> answers;
  private final ScriptedExchange exchange = new ScriptedExchange(request -> answer());
  private final ClockifySource source = new ClockifySource(exchange, CATALOG, RealAnswers.BASES);
  private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
  private final Map<String, Integer> read = new TreeMap<>();

  @BeforeAll
  static void ask() {
    samples = RealAnswers.of(CATALOG, Account.tiny(41).withPlan(Plan.ENTERPRISE));
    assertThat(samples.stream().map(s -> s.slice().stream().name()).distinct())
        .as("every stream that is asked for")
        .containsExactlyInAnyOrderElementsOf(
            CATALOG.streams().stream()
                .filter(stream -> stream.endpoint().isPresent())
                .map(StreamDefinition::name)
                .toList());
  }

  @Test
  void everyMutatedAnswerIsReadWholeOrRefusedWithACode() {
    SplittableRandom seeds = new SplittableRandom(SEED);
    for (int i = 0; i < INPUTS; i++) {
      long seed = seeds.nextLong();
      SplittableRandom random = new SplittableRandom(seed);
      RealAnswers.Sample sample = samples.get(random.nextInt(samples.size()));
      boolean values = random.nextBoolean();
      byte[] body =
          values
              ? Mutation.ofValues(sample.response().body(), random)
              : Mutation.ofBytes(sample.response().body(), random);
      Response response = new Response(200, headers(sample.response(), random), body);
      try {
        feed(sample, response, values, random);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "input %d (seed %d) of %s: %s"
                .formatted(i, seed, sample.slice().name(), RealAnswers.text(body)),
            e);
      }
    }
    System.out.printf("fuzz: %d inputs; read %s; refused %s%n", INPUTS, sum(read), refused);
    assertThat(refused).as("both kinds of refusal occur").containsOnlyKeys(CODES);
    assertThat(sum(read)).as("many mutations are harmless").isGreaterThan(INPUTS / 10);
  }

  private Response answer() {
    return answers.apply(exchange.requests.size());
  }

  private static Map<String, String> headers(Response response, SplittableRandom random) {
    Map<String, String> headers = new TreeMap<>(response.headers());
    switch (random.nextInt(12)) {
      case 0 -> headers.put("last-page", "true");
      case 1 -> headers.put("last-page", "false");
      case 2 -> headers.put("last-page", "perhaps");
      case 3 -> headers.remove("last-page");
      case 4 -> headers.put("content-type", "text/html");
      case 5 -> headers.put("content-encoding", random.nextBoolean() ? "gzip" : "br");
      default -> {}
    }
    return headers;
  }

  private void feed(
      RealAnswers.Sample sample, Response response, boolean values, SplittableRandom random) {
    Slice slice = sample.slice();
    boolean again = random.nextBoolean();
    exchange.requests.clear();
    answers = number -> number <= 2 || again ? response : sample.response();
    Source.SliceReader reader = source.open(slice);
    try {
      Page page = reader.next();
      if (exchange.requests.size() == 1) {
        assertHolds(slice.stream(), Mutation.tree(response.body()), page, values);
      }
      read.merge(slice.stream().name(), 1, Integer::sum);
      for (int i = 1; i < PAGES_MAX && !page.last(); i++) {
        page = reader.next();
      }
    } catch (ConnectorException e) {
      assertThat(e.code()).as(e.getMessage()).isIn(CODES);
      assertThat(e.getMessage()).hasSizeLessThan(2_000);
      if (e.code() == ErrorCode.UNEXPECTED_ANSWER) {
        assertThat(e.getMessage()).as("names the stream").startsWith(name(e, slice.stream()));
      }
      refused.merge(e.code(), 1, Integer::sum);
    }
  }

  /** The stream a failure names: the one asked for, or one inside its records. */
  private static String name(ConnectorException e, StreamDefinition stream) {
    return CATALOG.embeddedIn(stream).stream()
        .map(StreamDefinition::name)
        .filter(e.getMessage()::startsWith)
        .findFirst()
        .orElse(stream.name());
  }

  /** Each row is made of one record of the body, and each record has its row. */
  private static void assertHolds(
      StreamDefinition stream, JsonNode body, Page page, boolean whole) {
    assertThat(body).as("what was read is JSON").isNotNull();
    List<JsonNode> records = RealAnswers.records(stream, body);
    assertThat(page.rows()).hasSize(records.size());
    for (int i = 0; i < records.size(); i++) {
      String json = records.get(i).toString();
      if (whole) {
        RecordRebuilder.assertHolds(stream, json, page.rows().get(i));
      } else {
        assertKeyIn(stream, json, page.rows().get(i));
      }
    }
    for (StreamDefinition inner : CATALOG.embeddedIn(stream)) {
      List<String> path = inner.embedded().orElseThrow().records();
      int inside = 0;
      for (JsonNode record : records) {
        inside += record.at("/" + String.join("/", path)).size();
      }
      assertThat(page.embedded().get(inner.name())).as(inner.name()).hasSize(inside);
    }
  }

  private static void assertKeyIn(StreamDefinition stream, String json, Row row) {
    List<Object> keys = new ArrayList<>();
    stream.key().stream()
        .filter(column -> !stream.scope().contains(column))
        .forEach(column -> keys.add(row.get(stream.position(column))));
    String flat = RecordRebuilder.read(json).toString();
    for (Object key : keys) {
      assertThat(flat).contains(RecordRebuilder.text(String.valueOf(key)));
    }
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().collect(Collectors.summingInt(count -> count));
  }
}
