// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncListener;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sync shows while it runs: a bar where a person watches, else one log line per stream. */
interface Progress extends SyncListener, AutoCloseable {

  @Override
  void close();

  static Progress of(Surroundings surroundings, CommonOptions options) {
    return surroundings.interactive() && options.logFormat() == CommonOptions.LogFormat.TEXT
        ? new Bar(surroundings)
        : new Lines();
  }

  /** Safe for use by several threads. */
  final class Bar implements Progress {
    private static final int REFRESH_MILLIS = 200;

    private final LongAdder rows = new LongAdder();
    private final ProgressBar bar;

    private Bar(Surroundings surroundings) {
      this.bar =
          new ProgressBarBuilder()
              .setTaskName("sync")
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(surroundings.err(), Display.WIDTH - 1))
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .clearDisplayOnFinish()
              // The end moves away while parents are still being read: an estimate would mislead.
              .hideEta()
              .build();
    }

    @Override
    public void page(Slice slice, int count) {
      rows.add(count);
      bar.setExtraMessage(" " + Display.count(rows.sum()) + " rows");
    }

    @Override
    public void slices(int done, int known) {
      bar.maxHint(known);
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Stateless, thus safe for use by several threads. */
  final class Lines implements Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private Lines() {}

    @Override
    public void stream(StreamResult result) {
      LOG.atInfo()
          .addKeyValue("stream", result.stream())
          .addKeyValue("workspace", result.workspaceId().orElse("-"))
          .addKeyValue("status", result.status().name().toLowerCase(Locale.ROOT))
          .addKeyValue("rows", result.rows().read())
          .log("stream ended");
    }

    @Override
    public void close() {}
  }
}
