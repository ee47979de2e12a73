// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.Difference;
import io.clockifylakehouse.destination.Difference.Kind;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.verification.EntryDifferences.Judged;
import io.clockifylakehouse.verification.EntryDifferences.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The time entries of one workspace against the detailed report, month by month: one request a
 * month, and where the two differ the month's entries one by one. Timers that run are in neither.
 *
 * <p>Memory: the entries of one month that differs. For one thread.
 */
final class EntryCheck {
  static final String STREAM = "time_entries";

  private static final String ENTRIES = "entries";
  private static final String SECONDS = "seconds";
  private static final int GAP_MONTHS = 24;
  private static final List<String> COLUMNS =
      List.of("id", "user_id", "started_at", "ended_at", "duration_seconds");

  private final StreamDefinition stream;
  private final String workspaceId;
  private final ServiceFigures service;
  private final Source source;
  private final Inspection tables;
  private final Optional<WindowState> state;
  private final Duration lookback;
  private final Ledger ledger;

  EntryCheck(
      StreamDefinition stream,
      String workspaceId,
      ServiceFigures service,
      Source source,
      Inspection tables,
      Optional<WindowState> state,
      Duration lookback,
      Ledger ledger) {
    this.stream = stream;
    this.workspaceId = workspaceId;
    this.service = service;
    this.source = source;
    this.tables = tables;
    this.state = state;
    this.lookback = lookback;
    this.ledger = ledger;
  }

  /** A month's stopped entries in the table. */
  private static final class Sum {
    private long entries;
    private long seconds;
  }

  /**
   * Compares every month from the one before the table's first entry to the one after its last, or
   * the days asked for.
   *
   * @param today months up to this day's are compared in any case
   * @param done told of each month
   */
  void run(
      Optional<LocalDate> from, Optional<LocalDate> to, LocalDate today, Consumer<String> done) {
    NavigableMap<YearMonth, Sum> months = months(from, to);
    LocalDate begin =
        from.orElseGet(
            () ->
                (months.isEmpty() ? YearMonth.from(today) : months.firstKey())
                    .minusMonths(1)
                    .atDay(1));
    YearMonth last = months.isEmpty() ? YearMonth.from(today) : months.lastKey();
    LocalDate end = to.orElseGet(() -> later(last, YearMonth.from(today)).plusMonths(2).atDay(1));
    for (TimeWindow window : TimeWindow.months(begin, end)) {
      if (!isNear(YearMonth.from(window.from()), months, YearMonth.from(today))) {
        continue;
      }
      Ledger.Subject subject =
          new Ledger.Subject(stream.name(), Optional.of(workspaceId), Optional.of(window));
      try {
        compare(window, subject, months.getOrDefault(YearMonth.from(window.from()), new Sum()));
      } catch (ConnectorException e) {
        ledger.failed(subject, ENTRIES, e);
      }
      done.accept(stream.name());
    }
  }

  /** False in the middle of years without entries: one in 1970 costs no request a month. */
  private static boolean isNear(
      YearMonth month, NavigableMap<YearMonth, Sum> months, YearMonth today) {
    YearMonth before = months.floorKey(month);
    YearMonth after = months.ceilingKey(month);
    return before != null && before.until(month, ChronoUnit.MONTHS) <= GAP_MONTHS
        || after != null && month.until(after, ChronoUnit.MONTHS) <= GAP_MONTHS
        || Math.abs(month.until(today, ChronoUnit.MONTHS)) <= GAP_MONTHS;
  }

  private static YearMonth later(YearMonth a, YearMonth b) {
    return a.isBefore(b) ? b : a;
  }

  private NavigableMap<YearMonth, Sum> months(Optional<LocalDate> from, Optional<LocalDate> to) {
    Period period =
        new Period(
            from.map(day -> new TimeWindow(day, day).period().fromMicros()).orElse(Long.MIN_VALUE),
            to.map(day -> new TimeWindow(day, day).period().fromMicros()).orElse(Long.MAX_VALUE));
    NavigableMap<YearMonth, Sum> months = new TreeMap<>();
    tables.rows(
        stream,
        workspaceId,
        period,
        COLUMNS,
        row -> {
          Stored entry = stored(row);
          if (!entry.running()) {
            YearMonth month = YearMonth.from(TimeWindow.day(entry.startMicros()));
            Sum sum = months.computeIfAbsent(month, m -> new Sum());
            sum.entries++;
            sum.seconds += entry.seconds() == null ? 0 : entry.seconds();
          }
        });
    return months;
  }

  private static Stored stored(List<Object> row) {
    return new Stored(
        String.valueOf(row.get(1)), (Long) row.get(2), row.get(3) == null, (Long) row.get(4));
  }

  private void compare(TimeWindow window, Ledger.Subject subject, Sum found) {
    ServiceFigures.Totals expected = service.entries(workspaceId, window);
    Optional<Explanation> explanation = Optional.empty();
    if (differs(expected, found)) {
      List<Judged> judged = differences(window);
      if (judged.isEmpty()) {
        expected = service.entries(workspaceId, window);
        found = sum(window);
      }
      explanation = differs(expected, found) ? Optional.of(explain(judged)) : Optional.empty();
    }
    boolean counts = expected.count() != found.entries;
    boolean sums = (long) expected.sum() != found.seconds;
    ledger.compared(
        subject, ENTRIES, expected.count(), found.entries, explanation.filter(e -> counts));
    ledger.compared(subject, SECONDS, expected.sum(), found.seconds, explanation.filter(e -> sums));
  }

  private static boolean differs(ServiceFigures.Totals expected, Sum found) {
    return expected.count() != found.entries || (long) expected.sum() != found.seconds;
  }

  private Sum sum(TimeWindow window) {
    return months(Optional.of(window.from()), Optional.of(window.to()))
        .getOrDefault(YearMonth.from(window.from()), new Sum());
  }

  private Explanation explain(List<Judged> judged) {
    if (judged.isEmpty()) {
      return new Explanation(
          Agreement.UNDECIDED,
          "the report's totals are not what its own rows add up to, and the table has those rows;"
              + " verify again",
          List.of());
    }
    Explanation explanation = Explanation.of(judged, judged.size());
    return hiddenSample(judged)
        .map(
            id ->
                new Explanation(
                    explanation.agreement(),
                    explanation.reason()
                        + "; the report leaves out "
                        + id
                        + ", which is still there",
                    explanation.sampleIds()))
        .orElse(explanation);
  }

  /** The first row that the report lacks, when the service still has it. */
  private Optional<String> hiddenSample(List<Judged> judged) {
    Scope scope = Scope.ROOT.with(Scope.WORKSPACE, workspaceId);
    return judged.stream()
        .map(Judged::difference)
        .filter(row -> row.kind() == Kind.SURPLUS)
        .map(Difference::key)
        .findFirst()
        .filter(id -> source.find(stream, scope, id).isPresent());
  }

  private List<Judged> differences(TimeWindow window) {
    Map<String, Stored> inWindow = new HashMap<>();
    Set<String> doubled = new HashSet<>();
    tables.rows(
        stream,
        workspaceId,
        window.period(),
        COLUMNS,
        row -> {
          if (inWindow.put((String) row.get(0), stored(row)) != null) {
            doubled.add((String) row.get(0));
          }
        });
    List<ServiceFigures.Entry> entries = service.entryRows(workspaceId, window);
    Set<String> missing = new HashSet<>();
    entries.forEach(entry -> missing.add(entry.id()));
    missing.removeAll(inWindow.keySet());
    Map<String, Stored> elsewhere = new HashMap<>();
    if (!missing.isEmpty()) {
      tables.rows(
          stream,
          workspaceId,
          Period.ALWAYS,
          COLUMNS,
          row -> {
            if (missing.contains((String) row.get(0))) {
              elsewhere.put((String) row.get(0), stored(row));
            }
          });
    }
    Set<String> altered =
        tables.altered(stream, workspaceId, elsewhere.isEmpty() ? window.period() : Period.ALWAYS);
    return EntryDifferences.between(entries, inWindow, elsewhere, doubled, altered, this::sight)
        .rows();
  }

  /** A sync re-reads what starts within the lookback, and the rest of each user in turn. */
  private Sight sight(String userId, long startMicros) {
    if (state.isEmpty() || state.get().syncedAt().isEmpty()) {
      return Sight.UNKNOWN;
    }
    Instant syncedAt = state.get().syncedAt().get();
    List<Instant> passes = state.get().passes();
    if (!TimeWindow.instant(startMicros).isBefore(syncedAt.minus(lookback))) {
      return Sight.at(syncedAt);
    }
    return passes.size() == FullPasses.BUCKETS
        ? Sight.at(passes.get(FullPasses.bucketOf(userId)))
        : Sight.UNKNOWN;
  }
}
