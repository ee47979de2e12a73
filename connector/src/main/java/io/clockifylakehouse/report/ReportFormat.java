// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;

/** How a report is written; the figures are the same in each. */
public enum ReportFormat {
  HTML,
  CSV,
  JSON;

  /** The usual end of a file's name. */
  public String extension() {
    return switch (this) {
      case HTML -> "html";
      case CSV -> "csv";
      case JSON -> "json";
    };
  }

  /** Writes the whole report; the writer stays open. */
  public void write(Report report, Writer out) throws IOException {
    switch (this) {
      case HTML -> Page.write(report, out);
      case CSV -> ReportCsv.write(figures(report), out);
      case JSON ->
          out.write(
              new ObjectMapper()
                      .writer()
                      .with(SerializationFeature.INDENT_OUTPUT)
                      .writeValueAsString(figures(report))
                  + "\n");
    }
    out.flush();
  }

  /** The figures, in the names that {@code --format json} uses. */
  public static ObjectNode figures(Report report) {
    return new ReportJson(report).figures();
  }
}
