// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.config.Redaction;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
  private final Redaction redaction = new Redaction();

  private static LoggingEvent event(String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "x", new LoggerContext().getLogger("a.b.C"), Level.WARN, message, failure, null);
    event.setInstant(Instant.parse("2026-11-21T08:12:01.250Z"));
    event.setMDCPropertyMap(Map.of("run", "r1"));
    event.addKeyValuePair(new KeyValuePair("stream", "tags"));
    event.addKeyValuePair(new KeyValuePair("page", 3));
    event.addKeyValuePair(new KeyValuePair("name", "Ada Lovelace"));
    return event;
  }

  @Test
  void textIsOneLineForPeople() {
    String line = "08:12:01 WARN  page?read run=r1 stream=tags page=3 name='Ada Lovelace'";
    LogText text = new LogText(redaction, ZoneOffset.UTC, false);
    assertThat(text.doLayout(event("page\nread", null))).isEqualTo(line + "\n");
    assertThat(text.doLayout(event("page\nread", new IllegalStateException("x\ny"))))
        .isEqualTo(line + " (java.lang.IllegalStateException: x?y)\n");
    assertThat(new LogText(redaction, ZoneOffset.UTC, true).doLayout(event("page\nread", null)))
        .isEqualTo("\r\u001b[K" + line + "\n");
  }

  @Test
  void jsonIsOneObjectALine() throws IOException {
    redaction.add("Lovelace");
    String line =
        new LogJson(redaction).doLayout(event("page\nread", new IllegalStateException("x")));
    assertThat(line).endsWith("}\n").hasLineCount(1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.path("timestamp").asText()).isEqualTo("2026-11-21T08:12:01.250Z");
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("logger").asText()).isEqualTo("a.b.C");
    assertThat(json.path("message").asText()).isEqualTo("page\nread");
    assertThat(json.path("run").asText()).isEqualTo("r1");
    assertThat(json.path("page").isInt()).isTrue();
    assertThat(json.path("name").asText()).isEqualTo("Ada ***");
    assertThat(json.path("stack_trace").asText()).contains("IllegalStateException: x\n\tat ");
  }
}
