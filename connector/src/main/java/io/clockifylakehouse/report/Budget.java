// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/**
 * What a project may take, and what it has taken, since its estimate last started anew (API.md
 * 7.7): whatever period the report is about. Filled by one thread.
 */
final class Budget {

  /**
   * When an estimate starts anew.
   *
   * @param interval {@code WEEKLY, MONTHLY} or {@code YEARLY}; anything else never
   */
  record Reset(String interval, DayOfWeek dayOfWeek, int dayOfMonth, int month) {

    /** The day on which the current interval began; empty when it never starts anew. */
    Optional<LocalDate> start(LocalDate today) {
      return switch (interval) {
        case "WEEKLY" -> Optional.of(today.with(TemporalAdjusters.previousOrSame(dayOfWeek)));
        case "MONTHLY" -> {
          LocalDate start = dayIn(today);
          yield Optional.of(start.isAfter(today) ? dayIn(today.minusMonths(1)) : start);
        }
        case "YEARLY" -> {
          LocalDate start = dayIn(today.withDayOfMonth(1).withMonth(month));
          yield Optional.of(
              start.isAfter(today)
                  ? dayIn(today.withDayOfMonth(1).withMonth(month).minusYears(1))
                  : start);
        }
        default -> Optional.empty();
      };
    }

    private LocalDate dayIn(LocalDate month) {
      return month.withDayOfMonth(Math.min(dayOfMonth, month.lengthOfMonth()));
    }
  }

  /** Time or money that is set, and from when on it counts. */
  record Limit(long amount, Optional<LocalDate> since, boolean everything) {
    private boolean counts(int day) {
      return since.map(start -> day >= start.toEpochDay()).orElse(true);
    }
  }

  private final int project;
  private final String currency;
  private final Optional<Limit> time;
  private final Optional<Limit> money;
  private long seconds;
  private long rateSeconds;
  private double expensesMinor;
  private boolean otherCurrency;

  /**
   * @param currency that the budget is understood in; the service does not name it
   * @param time seconds; {@code everything}: time that is not billable counts too
   * @param money minor units; {@code everything}: expenses count too
   */
  Budget(int project, String currency, Optional<Limit> time, Optional<Limit> money) {
    this.project = project;
    this.currency = currency;
    this.time = time;
    this.money = money;
  }

  void add(Entry entry) {
    if (time.isPresent()
        && time.get().counts(entry.day())
        && (entry.billable() || time.get().everything())) {
      seconds += entry.seconds();
    }
    if (money.isPresent() && money.get().counts(entry.day()) && entry.billable()) {
      entry.rate().hourly().ifPresent(price -> add(price, entry.seconds()));
    }
  }

  private void add(Rate.Price price, long worked) {
    if (price.currency().equals(currency)) {
      rateSeconds += Math.multiplyExact(price.minor(), worked);
    } else {
      otherCurrency = true;
    }
  }

  void addExpense(int day, double minor) {
    if (money.isPresent() && money.get().everything() && money.get().counts(day)) {
      expensesMinor += minor;
    }
  }

  int project() {
    return project;
  }

  String currency() {
    return currency;
  }

  Optional<Limit> time() {
    return time;
  }

  Optional<Limit> money() {
    return money;
  }

  /** Tracked against {@link #time}. */
  long usedSeconds() {
    return seconds;
  }

  /** Billable amount, and expenses where they count, against {@link #money}. */
  long usedMinor() {
    return Money.minor(rateSeconds) + Math.round(expensesMinor);
  }

  /** True when something was earned in another currency, which is not counted here. */
  boolean hasOtherCurrency() {
    return otherCurrency;
  }
}
