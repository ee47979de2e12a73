// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

/** What kind of time an entry is (API.md 7.9). */
enum Kind {
  WORK,
  BREAK,
  HOLIDAY,
  TIME_OFF,
  OTHER;

  static Kind of(Object type) {
    return switch (type == null ? "REGULAR" : type.toString()) {
      case "REGULAR" -> WORK;
      case "BREAK" -> BREAK;
      case "HOLIDAY" -> HOLIDAY;
      case "TIME_OFF", "TIMEOFF" -> TIME_OFF;
      default -> OTHER;
    };
  }
}
