// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.destination.DriftSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jline.utils.WCWidth;

/** Text as a terminal shows it. Stateless, thus safe for use by several threads. */
final class Display {
  /** Columns of the narrowest terminal that results are laid out for. */
  static final int WIDTH = 80;

  private static final String ELLIPSIS = "…";

  /** Paths named in a line, and the columns that each may take. */
  private static final int NAMED = 8;

  private static final int NAME_COLUMNS = 60;

  private Display() {}

  /**
   * A text of one line that cannot disturb the terminal: control and formatting characters, line
   * and paragraph separators and unpaired surrogates are shown as {@code ?}.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints().forEach(c -> clean.appendCodePoint(isHarmless(c) ? c : '?'));
    return clean.toString();
  }

  /** A text of several lines, each cleaned; tabs, as in stack traces, are blanks. */
  static String cleanLines(String text) {
    StringBuilder clean = new StringBuilder();
    text.replace("\t", "    ").lines().forEach(line -> clean.append(clean(line)).append('\n'));
    return clean.toString();
  }

  private static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Columns that a text takes; wide characters take two, combining ones none. */
  static int width(String text) {
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }

  /** The text, cut to at most this many columns; an ellipsis says that something is missing. */
  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int taken = 1;
    for (int codePoint : text.codePoints().toArray()) {
      taken += Math.max(0, WCWidth.wcwidth(codePoint));
      if (taken > columns) {
        break;
      }
      cut.appendCodePoint(codePoint);
    }
    return cut + ELLIPSIS;
  }

  /**
   * Cleaned, and broken at blanks into lines of at most {@link #WIDTH} columns; later lines are
   * indented.
   */
  static String wrap(String text, String indent) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : clean(text).split(" ")) {
      if (column > 0 && column + 1 + width(word) > WIDTH) {
        lines.append('\n').append(indent);
        column = indent.length();
      } else if (column > 0) {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += width(word);
    }
    return lines.append('\n').toString();
  }

  /** What no column foresaw, and where it is. */
  static String drift(DriftSummary drift) {
    List<String> parts = new ArrayList<>();
    if (drift.unknownValues() > 0) {
      parts.add(values(drift.unknownValues()) + " of unknown " + names(drift.unknownFields()));
    }
    if (drift.mismatchedValues() > 0) {
      parts.add(values(drift.mismatchedValues()) + " unfit for " + names(drift.typeMismatches()));
    }
    return String.join(", ", parts) + "; kept in _extra";
  }

  private static String values(long number) {
    return count(number) + (number == 1 ? " value" : " values");
  }

  private static String names(List<String> paths) {
    String more = paths.size() > NAMED ? " and " + (paths.size() - NAMED) + " more" : "";
    return paths.stream()
            .limit(NAMED)
            .map(path -> cut(clean(path), NAME_COLUMNS))
            .collect(Collectors.joining(", "))
        + more;
  }

  /** A span of time in its largest unit, cut off: {@code 45s, 12m, 5h, 3d}. */
  static String age(Duration span) {
    if (span.toDays() > 0) {
      return span.toDays() + "d";
    }
    if (span.toHours() > 0) {
      return span.toHours() + "h";
    }
    return span.toMinutes() > 0 ? span.toMinutes() + "m" : Math.max(0, span.toSeconds()) + "s";
  }

  /** With separators of thousands, the same in every locale. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** In at most six characters below a thousand million: whole thousands from 100,000 on. */
  static String compact(long number) {
    return number < 100_000 ? Long.toString(number) : number / 1000 + "k";
  }
}
