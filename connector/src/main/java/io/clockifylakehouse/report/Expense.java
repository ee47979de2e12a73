// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

/**
 * What expenses have in common that are added up. The service names no currency for an expense
 * (API.md 7.11): it is taken to be its workspace's.
 *
 * @param day in the report's time zone, in days since 1970-01-01
 */
record Expense(int day, int project, int person, String category, boolean billable) {

  /** The sum of some expenses. Filled by one thread. */
  static final class Sum {
    private int count;
    private double minor;

    void add(int more, double moreMinor) {
      count += more;
      minor += moreMinor;
    }

    int count() {
      return count;
    }

    /** Minor units; the service sends fractions of them. */
    double minor() {
      return minor;
    }
  }
}
