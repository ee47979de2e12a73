// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.clockifylakehouse.config.Redaction;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/**
 * One log line for people: {@code HH:mm:ss LEVEL message key=value}, in local time. Stack traces
 * come with debug lines alone; elsewhere the failure's own words must do.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class LogText extends LayoutBase<ILoggingEvent> {
  /** Takes away what stands in the line, and the bar draws itself again below. */
  private static final String OVER_PROGRESS = "\r\u001b[K";

  private final Redaction redaction;
  private final DateTimeFormatter clock;
  private final String begin;

  /**
   * @param overProgress true where a progress bar may stand in the line
   */
  LogText(Redaction redaction, ZoneId zone, boolean overProgress) {
    this.redaction = redaction;
    this.begin = overProgress ? OVER_PROGRESS : "";
    this.clock = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(begin);
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
    IThrowableProxy failure = event.getThrowableProxy();
    boolean traced = !event.getLevel().isGreaterOrEqual(Level.INFO);
    if (failure != null && !traced) {
      line.append(" (").append(failure.getClassName()).append(": ");
      line.append(Display.clean(String.valueOf(failure.getMessage()))).append(')');
    }
    line.append('\n');
    if (failure != null && traced) {
      line.append(Display.cleanLines(ThrowableProxyUtil.asString(failure)));
    }
    return redaction.mask(line.toString());
  }

  private static String clean(Object value) {
    String text = Display.clean(String.valueOf(value));
    return text.indexOf(' ') < 0 ? text : "'" + text + "'";
  }
}
