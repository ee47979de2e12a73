// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;

/**
 * The figures of a report as CSV (RFC 4180), one figure a line: {@code
 * section,workspace,id,name,measure,unit,value}. The unit is {@code s}, a currency, or nothing.
 * Made from the JSON, so that the two cannot differ. Stateless.
 */
final class ReportCsv {
  private static final Set<String> NAMES = Set.of("workspace", "id", "name");
  private static final String FORMULA = "=+-@\t\r";

  private ReportCsv() {}

  static void write(JsonNode figures, Writer out) throws IOException {
    out.write("section,workspace,id,name,measure,unit,value\r\n");
    for (Map.Entry<String, JsonNode> section : figures.properties()) {
      if (section.getValue().isArray()) {
        for (JsonNode item : section.getValue()) {
          item(section.getKey(), item, out);
        }
      } else if (section.getValue().isObject()) {
        item(section.getKey(), section.getValue(), out);
      }
    }
  }

  private static void item(String section, JsonNode item, Writer out) throws IOException {
    String head =
        section
            + ","
            + quoted(item.path("workspace").asText(""))
            + ","
            + quoted(text(item.path("id")))
            + ","
            + quoted(item.path("name").asText(""));
    for (Map.Entry<String, JsonNode> measure : item.properties()) {
      JsonNode value = measure.getValue();
      if (NAMES.contains(measure.getKey()) || value.isNull()) {
        continue;
      }
      if (value.isObject()) {
        for (Map.Entry<String, JsonNode> part : value.properties()) {
          line(out, head, measure.getKey(), part.getKey(), part.getValue());
        }
      } else if (value.isArray()) {
        for (JsonNode element : value) {
          line(out, head, measure.getKey(), "", element);
        }
      } else {
        line(out, head, measure.getKey(), "", value);
      }
    }
  }

  /**
   * @param part a currency, or the name of a part
   */
  private static void line(Writer out, String head, String measure, String part, JsonNode value)
      throws IOException {
    boolean seconds = measure.contains("seconds");
    String name = seconds && !part.isEmpty() ? measure + "." + part : measure;
    String unit = seconds ? "s" : part;
    // BigDecimal in plain digits: 1E+2 is no number to a spreadsheet.
    String text = value.isBigDecimal() ? value.decimalValue().toPlainString() : text(value);
    String cell = value.isNumber() ? text : quoted(text);
    out.write(head + "," + name + "," + quoted(unit) + "," + cell + "\r\n");
  }

  private static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? "" : value.asText();
  }

  /** A text that a spreadsheet would run as a formula is made a text by an apostrophe. */
  private static String quoted(String text) {
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
