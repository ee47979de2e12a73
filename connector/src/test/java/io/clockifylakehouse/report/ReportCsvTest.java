// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ReportCsvTest {
  private static String csv(ObjectNode figures) throws IOException {
    StringWriter out = new StringWriter();
    ReportCsv.write(figures, out);
    return out.toString();
  }

  @Test
  void writesOneFigureALine() throws IOException {
    ObjectNode figures = JsonNodeFactory.instance.objectNode();
    ObjectNode project = figures.putArray("projects").addObject();
    project.put("workspace", "A, \"B\"").put("id", "1").put("name", "Line\nbreak");
    project.put("seconds", 3600);
    project.putObject("billable_amount").put("EUR", new BigDecimal("100000000.10"));

    assertThat(csv(figures))
        .isEqualTo(
            """
            section,workspace,id,name,measure,unit,value
            projects,"A, ""B""\",1,"Line
            break",seconds,s,3600
            projects,"A, ""B""\",1,"Line
            break",billable_amount,EUR,100000000.10
            """
                .replace("\n", "\r\n")
                .replace("Line\r\n", "Line\n"));
  }

  @Test
  void aNameIsNoFormula() throws IOException {
    ObjectNode figures = JsonNodeFactory.instance.objectNode();
    figures.putArray("tags").addObject().put("name", "=HYPERLINK(1)").put("seconds", -5);

    assertThat(csv(figures)).contains("tags,,,'=HYPERLINK(1),seconds,s,-5\r\n");
  }
}
