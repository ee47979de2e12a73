// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Lines of columns, each as wide as its widest cell; where that is too wide for the display, the
 * elastic columns give way, the widest first. Not safe for use by several threads.
 */
final class TextTable {
  private static final int GAP = 2;
  private static final int NARROWEST = 8;

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Where a column's cells stand, and whether they may be cut. */
  enum Kind {
    LEFT,
    RIGHT,
    ELASTIC
  }

  private record Column(String title, Kind kind, UnaryOperator<String> style) {}

  TextTable column(String title, Kind kind) {
    return column(title, kind, UnaryOperator.identity());
  }

  /** A column whose padded cells are coloured. */
  TextTable column(String title, Kind kind, UnaryOperator<String> style) {
    columns.add(new Column(title, kind, style));
    return this;
  }

  /** Adds a line; what could disturb the terminal is taken out of its cells. */
  void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells, " + columns.size() + " columns");
    }
    rows.add(Stream.of(cells).map(Display::clean).toList());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String render(Style style) {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    List<String> titles = columns.stream().map(Column::title).toList();
    text.append(style.heading(line(titles, widths, false))).append('\n');
    for (List<String> row : rows) {
      text.append(line(row, widths, true)).append('\n');
    }
    return text.toString();
  }

  private String line(List<String> cells, int[] widths, boolean styled) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Column column = columns.get(i);
      String cell = Display.cut(cells.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - Display.width(cell));
      String shown = styled ? column.style().apply(cell) : cell;
      if (i > 0) {
        line.append(" ".repeat(GAP));
      }
      line.append(column.kind() == Kind.RIGHT ? padding + shown : shown + padding);
    }
    return line.toString().stripTrailing();
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    int total = GAP * (widths.length - 1);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Display.width(columns.get(i).title());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], Display.width(row.get(i)));
      }
      total += widths[i];
    }
    while (total > Display.WIDTH) {
      int widest = widestElastic(widths);
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      total--;
    }
    return widths;
  }

  private int widestElastic(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (columns.get(i).kind() == Kind.ELASTIC
          && widths[i] > NARROWEST
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }
}
