// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Redaction;
import java.time.Instant;
import org.slf4j.event.KeyValuePair;

/**
 * One log line for machines: a JSON object with {@code timestamp} (ISO-8601, UTC), {@code level},
 * {@code logger}, {@code message}, what the event carries beside ({@code stream, workspace, page,
 * status}…), and {@code stack_trace} where there is one.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class LogJson extends LayoutBase<ILoggingEvent> {
  private final Redaction redaction;

  LogJson(Redaction redaction) {
    this.redaction = redaction;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("message", redaction.mask(event.getFormattedMessage()));
    event.getMDCPropertyMap().forEach((key, value) -> put(line, key, value));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        put(line, pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() != null) {
      put(line, "stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line + "\n";
  }

  private void put(ObjectNode line, String key, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      line.put(key, ((Number) value).longValue());
    } else if (value instanceof Number number) {
      line.put(key, number.doubleValue());
    } else if (value instanceof Boolean flag) {
      line.put(key, flag);
    } else {
      line.put(key, redaction.mask(String.valueOf(value)));
    }
  }
}
