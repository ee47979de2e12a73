// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk by time against a service made of arithmetic, which changes while it is read. */
class TimePagesTest {
  private static final long SECOND = 1_000_000;
  private static final long DAY = 24 * 3600 * SECOND;
  private static final long NOW = micros("2026-03-01T12:00:00Z");
  private static final int CEILING = 5_000;
  private static final Comparator<Row> NEWEST_FIRST =
      Comparator.comparing(TimePagesTest::start, Comparator.reverseOrder())
          // No order among equal starts that follows from when they came or what they hold.
          .thenComparing(row -> Integer.reverse(row.get(0).hashCode() * 0x9E3779B9));

  /**
   * A service with entries of the columns id, start and version.
   *
   * @param offset in micros, of the zone in which it reads the bounds
   */
  private record Service(
      Map<Object, Row> entries,
      long offset,
      boolean fromCounts,
      boolean toCounts,
      boolean header,
      int cap,
      Comparator<Row> order) {

    Service(int entries, SplittableRandom random) {
      this(
          new HashMap<>(),
          random.nextLong(-11 * 4, 14 * 4 + 1) * 900 * SECOND,
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean(),
          Integer.MAX_VALUE,
          NEWEST_FIRST);
      long span = List.of(0L, DAY / 12, DAY, 3 * DAY, 90 * DAY, 700 * DAY).get(random.nextInt(6));
      for (int i = 0; i < entries; i++) {
        insert(span, random);
      }
    }

    Service with(Comparator<Row> other) {
      return new Service(entries, offset, fromCounts, toCounts, header, cap, other);
    }

    Service cappedWithoutHeader(int rows) {
      return new Service(entries, offset, fromCounts, toCounts, false, rows, order);
    }

    /** Some starts are equal, some days are full, some entries are of the future. */
    void insert(long span, SplittableRandom random) {
      long start =
          switch (random.nextInt(4)) {
            case 0 -> NOW - span / 2;
            case 1 -> NOW - span / 3 + random.nextLong(DAY);
            default -> NOW + 20 * DAY - random.nextLong(span + 1);
          };
      String id = Long.toHexString(random.nextLong());
      entries.put(id, Row.of(id, start / SECOND * SECOND, 0));
    }

    /** An insert, a deletion or an edit. */
    void change(SplittableRandom random) {
      List<Row> all = entries.values().stream().sorted(NEWEST_FIRST).toList();
      int kind = random.nextInt(all.isEmpty() ? 1 : 4);
      if (kind == 0) {
        insert(random.nextLong(90 * DAY), random);
        return;
      }
      // Where it hurts most: among the latest, which come first.
      Row row = all.get(random.nextInt(random.nextBoolean() ? all.size() : (all.size() + 9) / 10));
      if (kind == 1) {
        entries.put(row.get(0), Row.of(row.get(0), start(row), (Integer) row.get(2) + 1));
      } else {
        entries.remove(row.get(0));
      }
    }

    Answer answer(Question question) {
      List<Row> found =
          entries.values().stream()
              .filter(row -> question.bounds().equals(Period.ALWAYS) || within(row, question))
              .sorted(order)
              .toList();
      int size = Math.min(question.size(), cap);
      int begin = (int) Math.min(found.size(), (question.page() - 1L) * size);
      int end = Math.min(found.size(), begin + size);
      return new Answer(
          found.subList(begin, end),
          Map.of(),
          Drift.NONE,
          Optional.empty(),
          header ? Optional.of(end == found.size()) : Optional.empty());
    }

    private boolean within(Row row, Question question) {
      long from = question.bounds().fromMicros();
      long to = question.bounds().toMicros();
      long at = start(row) + offset;
      return (at > from || fromCounts && at == from) && (at < to || toCounts && at == to);
    }
  }

  /** What a whole walk brought. */
  private record Walked(List<Row> rows, List<Question> questions) {}

  private static Walked walk(Service service, Period period, int size, Runnable meanwhile) {
    TimePages pages = walkOf(period);
    List<Row> rows = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    boolean last = false;
    while (!last) {
      Question question = pages.question(size);
      assertThat(question.size()).isBetween(1, size);
      questions.add(question);
      PageWalk.Step step = pages.take(size, service.answer(question));
      step.rows().stream().filter(in(period)).forEach(rows::add);
      last = step.last();
      meanwhile.run();
    }
    return new Walked(rows, questions);
  }

  private static TimePages walkOf(Period period) {
    Paging paging = new Paging(Paging.Style.QUERY, "page", "page-size", 1, 5000);
    Function<Row, List<Object>> key = row -> List.of(row.get(0));
    return new TimePages("entries", paging, CEILING, period, 1, key);
  }

  private static Period period(SplittableRandom random) {
    long from = NOW - random.nextLong(100 * DAY);
    long to = from + random.nextLong(60 * DAY);
    return switch (random.nextInt(4)) {
      case 0 -> Period.ALWAYS;
      case 1 -> Period.since(from);
      case 2 -> new Period(Long.MIN_VALUE, to);
      default -> new Period(from, to);
    };
  }

  @Test
  void readsEveryRowOnceWhateverZoneBoundsAndSize() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 20_261_121));
    for (int round = 0; round < 4_000; round++) {
      Service service = new Service(random.nextInt(120), random);
      Period period = period(random);
      int size = 1 + random.nextInt(random.nextBoolean() ? 8 : 150);
      Walked walked = walk(service, period, size, () -> {});
      assertThat(walked.rows())
          .as("round %d", round)
          .containsExactlyInAnyOrderElementsOf(
              service.entries().values().stream().filter(in(period)).toList());
    }
  }

  @Test
  void losesNothingWhenRowsComeAndGoMeanwhile() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 20_261_122));
    for (int round = 0; round < 6_000; round++) {
      Service service = new Service(random.nextInt(200), random);
      Period period = period(random);
      int size = 10 + random.nextInt(50);
      int changes = random.nextInt(1, 4);
      Map<Object, Row> before = new HashMap<>(service.entries());
      Set<Row> everThere = new HashSet<>(before.values());
      Walked walked =
          walk(
              service,
              period,
              size,
              () -> {
                for (int i = random.nextInt(changes + 1); i > 0; i--) {
                  service.change(random);
                }
                everThere.addAll(service.entries().values());
              });
      before.keySet().retainAll(service.entries().keySet());
      assertThat(walked.rows().stream().map(row -> row.get(0)))
          .as("round %d", round)
          .containsAll(before.values().stream().filter(in(period)).map(row -> row.get(0)).toList());
      assertThat(walked.rows()).as("no row twice as it is").doesNotHaveDuplicates();
      assertThat(everThere).containsAll(walked.rows());
    }
  }

  /** Each request brings at least half a page that is new, and one is enough for one page. */
  @Test
  void asksLittleMoreThanThePagesThereAre() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 20_261_123));
    for (int round = 0; round < 1_000; round++) {
      Service service = new Service(random.nextInt(1_500), random);
      int size = 50 + random.nextInt(300);
      int pages = (service.entries().size() + size - 1) / size;
      int requests = walk(service, Period.ALWAYS, size, () -> {}).questions().size();
      boolean full = !service.header() && service.entries().size() % size == 0;
      boolean capLike = !service.header() && PageWalk.CAPS.contains(service.entries().size());
      assertThat(requests)
          .as("round %d: %d rows by %d", round, service.entries().size(), size)
          .isLessThanOrEqualTo(pages <= 1 ? 1 + (full || capLike ? 1 : 0) : 2 * pages);
    }
  }

  @Test
  void goesOnByTimeWhereADayHoldsLessThanAPage() {
    SplittableRandom random = new SplittableRandom(1);
    Service service = service(random, 10_000, i -> NOW - i * DAY / 5);
    Walked walked = walk(service, Period.ALWAYS, 1_000, () -> {});
    assertThat(walked.rows()).hasSize(10_000);
    // Ten pages and what two days hold, again at each of ten turns.
    assertThat(walked.questions()).hasSize(11).allMatch(question -> question.page() == 1);
    assertThat(walked.questions().get(0).bounds()).isEqualTo(Period.ALWAYS);
    assertThat(walked.questions().get(1).bounds())
        .isEqualTo(new Period(Long.MIN_VALUE, NOW - 999 * DAY / 5 + DAY + SECOND));
  }

  @Test
  void goesOnByNumberWhereOneInstantHoldsManyPages() {
    SplittableRandom random = new SplittableRandom(2);
    Service service = service(random, 1_000, i -> i < 400 ? NOW - 7 * DAY : NOW - i * DAY);
    Walked walked = walk(service, Period.ALWAYS, 60, () -> {});
    assertThat(walked.rows()).hasSize(1_000);
    assertThat(walked.questions().size()).isLessThan(22);
    assertThat(walked.questions()).extracting(Question::page).contains(2, 3, 4, 5, 6, 7);
  }

  @Test
  void startsAnewWhenMoreRowsHaveGoneThanThePagesOverlap() {
    SplittableRandom random = new SplittableRandom(3);
    Service service = service(random, 300, i -> NOW);
    List<Row> order = service.entries().values().stream().sorted(NEWEST_FIRST).toList();
    int[] turn = {0};
    Walked walked =
        walk(
            service,
            Period.ALWAYS,
            100,
            () -> {
              if (turn[0]++ == 0) {
                order.subList(0, 50).forEach(row -> service.entries().remove(row.get(0)));
              }
            });
    assertThat(walked.rows()).containsExactlyInAnyOrderElementsOf(order);
  }

  /** A page of two or three rows can look sorted by chance; one of ten can not, time and again. */
  @Test
  void readsPagesByNumberWhenTheOrderIsAnother() {
    List<Comparator<Row>> orders =
        List.of(NEWEST_FIRST.reversed(), Comparator.comparing(row -> (String) row.get(0)));
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 1_000; round++) {
      Service service =
          new Service(random.nextInt(300), random).with(orders.get(random.nextInt(2)));
      Period period = period(random);
      Walked walked = walk(service, period, 10 + random.nextInt(60), () -> {});
      assertThat(new HashSet<>(walked.rows()))
          .as("round %d", round)
          .containsExactlyInAnyOrderElementsOf(
              service.entries().values().stream().filter(in(period)).toList());
    }
  }

  @Test
  void readsAllThoughTheSizeIsCappedInSilence() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 500; round++) {
      Service service = new Service(random.nextInt(400), random).cappedWithoutHeader(50);
      Walked walked = walk(service, Period.ALWAYS, 1_000, () -> {});
      assertThat(walked.rows())
          .as("round %d", round)
          .containsExactlyInAnyOrderElementsOf(service.entries().values());
    }
  }

  @Test
  void endsBeforeThePeriodBegins() {
    SplittableRandom random = new SplittableRandom(6);
    Service service = service(random, 500, i -> NOW - i * DAY);
    Walked walked = walk(service, Period.since(NOW - 20 * DAY), 22, () -> {});
    assertThat(walked.rows()).hasSize(21);
    assertThat(walked.questions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesAServiceThatHeedsNoBoundOrNoNumber(boolean sparse) {
    SplittableRandom random = new SplittableRandom(7);
    Service service = service(random, 500, i -> sparse ? NOW - i * DAY : NOW);
    TimePages pages = walkOf(Period.ALWAYS);
    assertThatThrownBy(
            () -> {
              while (true) {
                int size = pages.question(100).size();
                pages.take(100, service.answer(new Question(1, size, Period.ALWAYS)));
              }
            })
        .isInstanceOf(ConnectorException.class)
        .hasMessageStartingWith("entries: repeated page: page ")
        .hasMessageContaining(sparse ? " until 2025-" : "page 2 ");
  }

  @Test
  void refusesAnEmptyPageThatIsNotTheLast() {
    TimePages pages = walkOf(Period.ALWAYS);
    Answer empty =
        new Answer(List.of(), Map.of(), Drift.NONE, Optional.empty(), Optional.of(false));
    assertThatThrownBy(() -> pages.take(9, empty))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("page 1 is empty");
  }

  @Test
  void padsTheBoundsOutwardsToWholeSeconds() {
    Period period =
        new Period(micros("2026-01-02T00:00:00Z") + 1, micros("2026-01-03T00:00:00Z") + 1);
    assertThat(Bounds.text(Bounds.around(period)))
        .isEqualTo(" from 2025-12-31T23:59:59Z until 2026-01-04T00:00:02Z");
    assertThat(Bounds.around(Period.ALWAYS)).isEqualTo(Period.ALWAYS);
    assertThat(
            Stream.of(micros("9999-12-31T23:59:59Z"), micros("0001-01-01T00:00:00Z"))
                .map(at -> Bounds.text(Bounds.around(new Period(at, at)))))
        .containsExactly(" from 9999-12-29T23:59:59Z", " until 0001-01-02T00:00:01Z");
  }

  private static Service service(
      SplittableRandom random, int entries, Function<Long, Long> starts) {
    Service service = new Service(0, random);
    for (long i = 0; i < entries; i++) {
      String id = Long.toHexString(random.nextLong());
      service.entries().put(id, Row.of(id, starts.apply(i), 0));
    }
    return service;
  }

  private static Predicate<Row> in(Period period) {
    return row -> period.contains(start(row));
  }

  private static long start(Row row) {
    return (Long) row.get(1);
  }

  private static long micros(String text) {
    return Instant.parse(text).getEpochSecond() * SECOND;
  }
}
