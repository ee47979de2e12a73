// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.clockifylakehouse.config.Redaction;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/**
 * One log line for people: {@code HH:mm:ss LEVEL message key=value}, in local time.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class LogText extends LayoutBase<ILoggingEvent> {
  private final Redaction redaction;
  private final DateTimeFormatter clock;

  LogText(Redaction redaction, ZoneId zone) {
    this.redaction = redaction;
    this.clock = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(clock.format(Instant.ofEpochMilli(event.getTimeStamp())))
        .append(' ')
        .append(String.format("%-5s", event.getLevel()))
        .append(' ')
        .append(Display.clean(event.getFormattedMessage()));
    event
        .getMDCPropertyMap()
        .forEach((key, value) -> line.append(' ').append(key).append('=').append(clean(value)));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ').append(pair.key).append('=').append(clean(pair.value));
      }
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return redaction.mask(line.toString());
  }

  private static String clean(Object value) {
    String text = Display.clean(String.valueOf(value));
    return text.indexOf(' ') < 0 ? text : "'" + text + "'";
  }
}
