// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.Map;
import java.util.TreeMap;

/** The sum of some entries. Filled by one thread. */
final class Tally {
  private long entries;
  private long seconds;
  private long billableSeconds;
  private long unratedSeconds;
  private final Map<String, Long> earned = new TreeMap<>();
  private final Map<String, Long> cost = new TreeMap<>();

  void add(Entry entry) {
    entries++;
    seconds += entry.seconds();
    if (entry.billable()) {
      billableSeconds += entry.seconds();
      if (entry.rate().hourly().isEmpty()) {
        unratedSeconds += entry.seconds();
      }
      entry.rate().hourly().ifPresent(price -> add(earned, price, entry.seconds()));
    }
    entry.rate().cost().ifPresent(price -> add(cost, price, entry.seconds()));
  }

  private static void add(Map<String, Long> sums, Rate.Price price, long seconds) {
    sums.merge(price.currency(), Math.multiplyExact(price.minor(), seconds), Math::addExact);
  }

  long entries() {
    return entries;
  }

  long seconds() {
    return seconds;
  }

  long billableSeconds() {
    return billableSeconds;
  }

  /** Billable, but without a rate: no amount counts for it. */
  long unratedSeconds() {
    return unratedSeconds;
  }

  /** Billable amounts in minor units, by currency. */
  Map<String, Long> earned() {
    return minor(earned);
  }

  /** Cost in minor units, by currency. */
  Map<String, Long> cost() {
    return minor(cost);
  }

  private static Map<String, Long> minor(Map<String, Long> rateSeconds) {
    Map<String, Long> minor = new TreeMap<>();
    rateSeconds.forEach((currency, sum) -> minor.put(currency, Money.minor(sum)));
    return minor;
  }
}
