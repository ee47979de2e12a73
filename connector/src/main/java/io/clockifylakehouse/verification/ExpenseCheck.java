// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The expenses of one workspace against the expense report, month by month. Whether its total is in
 * minor units, as the rows', or in major ones is not known: either will do. When all rows are alike
 * and the months add up to the same number, an expense that the report counts in another month, by
 * the days of another time zone, is no difference. For one thread.
 *
 * @param walk asked for an explanation of months that differ
 */
record ExpenseCheck(
    StreamDefinition stream,
    String workspaceId,
    ServiceFigures service,
    Inspection tables,
    Ledger ledger,
    RowWalk walk) {
  static final String STREAM = "expenses";

  private static final String COUNT = "expenses";
  private static final String AMOUNT = "amount";
  private static final double MINOR_UNITS = 100;
  private static final double EXACT = 0.01;

  private record Month(TimeWindow window, ServiceFigures.Totals expected, long count, double sum) {
    boolean countDiffers() {
      return expected.count() != count;
    }

    boolean sumDiffers() {
      return Math.abs(expected.sum() - sum) > EXACT
          && Math.abs(expected.sum() * MINOR_UNITS - sum) > EXACT;
    }
  }

  /** As {@link EntryCheck#run}. */
  void run(
      Optional<LocalDate> from, Optional<LocalDate> to, LocalDate today, Consumer<String> done) {
    TreeMap<LocalDate, List<Double>> days = new TreeMap<>();
    tables.rows(
        stream,
        workspaceId,
        Period.ALWAYS,
        List.of("date", "total"),
        row -> {
          if (row.get(0) != null) {
            double total = row.get(1) == null ? 0 : (Double) row.get(1);
            days.computeIfAbsent(TimeWindow.day((Long) row.get(0)), d -> new ArrayList<>())
                .add(total);
          }
        });
    LocalDate first = days.isEmpty() ? today : days.firstKey();
    LocalDate last = days.isEmpty() || days.lastKey().isBefore(today) ? today : days.lastKey();
    LocalDate begin = from.orElse(YearMonth.from(first).minusMonths(1).atDay(1));
    LocalDate end = to.orElse(YearMonth.from(last).plusMonths(2).atDay(1));
    List<Month> months = new ArrayList<>();
    for (TimeWindow window : TimeWindow.months(begin, end)) {
      try {
        ServiceFigures.Totals expected = service.expenses(workspaceId, window);
        List<Double> totals =
            days.subMap(window.from(), window.to()).values().stream()
                .flatMap(List::stream)
                .toList();
        double sum = totals.stream().mapToDouble(Double::doubleValue).sum();
        months.add(new Month(window, expected, totals.size(), sum));
      } catch (ConnectorException e) {
        ledger.failed(subject(window), COUNT, e);
        if (e.code() == ErrorCode.FORBIDDEN) {
          return; // the next month is no more allowed than this one
        }
      }
      done.accept(stream.name());
    }
    enter(months);
  }

  private void enter(List<Month> months) {
    Optional<Explanation> explanation = Optional.empty();
    if (months.stream().anyMatch(month -> month.countDiffers() || month.sumDiffers())) {
      explanation = walk.explain(stream, workspaceId);
      long expected = months.stream().mapToLong(month -> month.expected().count()).sum();
      long found = months.stream().mapToLong(Month::count).sum();
      if (explanation.isEmpty() && expected != found) {
        explanation = Optional.of(Explanation.CONTRADICTION);
      }
    }
    Optional<Explanation> differs = explanation;
    for (Month month : months) {
      Ledger.Subject subject = subject(month.window());
      ledger.compared(
          subject,
          COUNT,
          month.expected().count(),
          month.count(),
          differs.filter(e -> month.countDiffers()));
      ledger.compared(
          subject,
          AMOUNT,
          month.expected().sum(),
          month.sum(),
          differs.filter(e -> month.sumDiffers()));
    }
  }

  private Ledger.Subject subject(TimeWindow window) {
    return new Ledger.Subject(stream.name(), Optional.of(workspaceId), Optional.of(window));
  }
}
