// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Amounts as Clockify counts them. A rate is minor units an hour; time × rate is kept as minor
 * units × seconds, which is exact, and is divided and rounded once, after everything is added up.
 * Stateless.
 */
final class Money {
  private static final long SECONDS = 3600;

  /** Of a currency that Java does not know: a workspace may have its own. */
  private static final int USUAL_DIGITS = 2;

  private static final Set<String> KNOWN =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private Money() {}

  /** Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for BHD. */
  static int digits(String currency) {
    int digits =
        KNOWN.contains(currency) ? Currency.getInstance(currency).getDefaultFractionDigits() : -1;
    return digits < 0 ? USUAL_DIGITS : digits;
  }

  /** Minor units × seconds in minor units, halves rounded up. */
  static long minor(long rateSeconds) {
    return Math.floorDiv(2 * rateSeconds + SECONDS, 2 * SECONDS);
  }

  /** Minor units as people write them: 1234 is 12.34 EUR, 1234 JPY and 1.234 BHD. */
  static BigDecimal major(long minor, String currency) {
    return BigDecimal.valueOf(minor, digits(currency));
  }
}
