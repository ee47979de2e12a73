// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DisplayTest {
  @Test
  void namesCannotMoveTheCursorOrTurnTheText() {
    assertThat(Display.clean("a\u001b[31m\r\nb\u202ec\u2028d\ud800e\u0000"))
        .isEqualTo("a?[31m??b?c?d?e?");
    assertThat(Display.clean("Agentur Übersee 🚀 東京")).isEqualTo("Agentur Übersee 🚀 東京");
  }

  @Test
  void tablesLinesAndTracesAreCleanedHoweverTheyAreFilled() {
    String hostile = "\u001b]0;x\u0007\u009b31m\u202e../..\n\r\u2066";
    TextTable table = new TextTable().column("A", TextTable.Kind.LEFT);
    table.row(hostile);
    assertThat(table.render(Style.PLAIN).lines()).hasSize(2).allMatch(DisplayTest::isHarmless);
    assertThat(Display.wrap(hostile, "").lines()).hasSize(1).allMatch(DisplayTest::isHarmless);
    assertThat(Display.cleanLines("java.X: " + hostile + "\n\tat y").lines())
        .allMatch(DisplayTest::isHarmless)
        .endsWith("    at y");
  }

  private static boolean isHarmless(String line) {
    return line.equals(Display.clean(line));
  }

  @Test
  void wideCharactersTakeTwoColumnsAndCombiningOnesNone() {
    assertThat(Display.width("東京")).isEqualTo(4);
    assertThat(Display.width("e\u0301")).isEqualTo(1);
  }

  @Test
  void whatIsCutFitsAndSplitsNoCharacter() {
    assertThat(Display.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Display.cut("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Display.cut("東京東京", 6)).isEqualTo("東京…");
    assertThat(Display.cut("🚀🚀🚀", 4)).isEqualTo("🚀…");
  }

  @Test
  void noLineOfATableIsWiderThanTheDisplay() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      TextTable table =
          new TextTable()
              .column("A", TextTable.Kind.LEFT)
              .column("B", TextTable.Kind.ELASTIC)
              .column("C", TextTable.Kind.RIGHT)
              .column("D", TextTable.Kind.ELASTIC);
      for (int row = 0; row < 5; row++) {
        table.row(text(random, 20), text(random, 90), text(random, 9), text(random, 90));
      }
      assertThat(table.render(Style.PLAIN).lines())
          .hasSize(6)
          .allMatch(line -> Display.width(line) <= Display.WIDTH);
    }
  }

  private static String text(SplittableRandom random, int columns) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(columns + 1);
    while (Display.width(text.toString()) < length - 1) {
      text.appendCodePoint(random.nextInt(4) == 0 ? 0x6771 : 'a' + random.nextInt(26));
    }
    return text.toString();
  }

  @Test
  void linesBreakAtBlanks() {
    String text = Display.wrap("word ".repeat(40).strip(), "  ");
    assertThat(text.lines()).hasSize(3).allMatch(line -> line.length() <= Display.WIDTH);
    assertThat(text.replaceAll("\\s+", " ").strip()).isEqualTo("word ".repeat(40).strip());
  }

  @Test
  void coloursAreForThoseWhoSeeThem() {
    TextTable table = new TextTable().column("A", TextTable.Kind.LEFT, new Style(true)::good);
    table.row("ok");
    assertThat(table.render(new Style(true))).contains("\u001b[32mok\u001b[0m");
    assertThat(new Style(false).good("ok")).isEqualTo("ok");
  }
}
