// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.clockifylakehouse.config.Redaction;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logback, set up without a file: everything goes to standard error, as text or JSON lines, without
 * secrets. Other libraries' loggers speak from WARN on, chatty ones from ERROR on.
 *
 * <p>Logback itself makes one of these (found through {@code META-INF/services}), so that nothing
 * ever reaches standard output, where only the result belongs.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OURS = "io.clockifylakehouse";

  private static final Map<String, Level> CHATTY =
      Map.of(
          // Says at each start that there is no native Hadoop, which nobody needs here.
          "org.apache.hadoop.util.NativeCodeLoader", Level.ERROR,
          // Warns of each table that does not exist yet.
          "org.apache.iceberg.hadoop.HadoopTableOperations", Level.ERROR,
          // Warns of every source of credentials that it tries in vain.
          "software.amazon.awssdk", Level.ERROR);

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    set(
        context,
        Level.WARN,
        new LogText(new Redaction(), ZoneId.systemDefault(), false),
        System.err);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * @param level {@code error, warn, info, debug} or {@code trace}, of the connector's own loggers
   */
  static void configure(
      CommonOptions.LogFormat format,
      String level,
      Redaction redaction,
      Surroundings surroundings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Layout<ILoggingEvent> layout =
        switch (format) {
          case TEXT -> new LogText(redaction, ZoneId.systemDefault(), surroundings.interactive());
          case JSON -> new LogJson(redaction);
        };
    context.reset();
    set(context, Level.toLevel(level), layout, surroundings.err());
  }

  private static void set(
      LoggerContext context, Level level, Layout<ILoggingEvent> layout, OutputStream target) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setEncoder(encoder);
    appender.setOutputStream(new Borrowed(target));
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger(OURS).setLevel(level);
    CHATTY.forEach((name, least) -> context.getLogger(name).setLevel(least));
  }

  /** Logback closes what it writes to when it is set up anew, and would close standard error. */
  private static final class Borrowed extends FilterOutputStream {
    private Borrowed(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
