// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncListener;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sync shows while it runs: a bar where a person watches, else a log line per stream and one
 * now and then.
 */
interface Progress extends SyncListener, AutoCloseable {

  @Override
  void close();

  /**
   * @param traffic what has been sent so far
   */
  static Progress of(Surroundings surroundings, CommonOptions options, Supplier<Traffic> traffic) {
    return surroundings.interactive() && options.logFormat() == CommonOptions.LogFormat.TEXT
        ? new Bar(surroundings, traffic)
        : new Lines(surroundings.time());
  }

  /** Safe for use by several threads. */
  final class Bar implements Progress {
    private static final int REFRESH_MILLIS = 200;

    /** The end moves away while parents are read; an estimate waits until it has stood so long. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final LongAdder rows = new LongAdder();
    private final LongAdder pages = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final Time time;
    private final Supplier<Traffic> traffic;
    private final long startedAt;
    private final ProgressBar bar;
    private int done;
    private int known;
    private long knownSince;

    private Bar(Surroundings surroundings, Supplier<Traffic> traffic) {
      this.time = surroundings.time();
      this.traffic = traffic;
      this.startedAt = time.nanos();
      Terminal terminal = new Terminal(time);
      this.bar =
          new ProgressBarBuilder()
              .setConsumer(new ConsoleProgressBarConsumer(surroundings.err(), Display.WIDTH))
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .continuousUpdate()
              .clearDisplayOnFinish()
              // The last column stays free: some terminals wrap when it is written.
              .setRenderer((state, length) -> line().fit(terminal.columns() - 1))
              .build();
    }

    private synchronized ProgressLine line() {
      Traffic sent = traffic.get();
      return new ProgressLine(
          done,
          known,
          streams.sum(),
          pages.sum(),
          rows.sum(),
          sent.rate(),
          sent.throttled(),
          left());
    }

    private OptionalLong left() {
      long now = time.nanos();
      if (done == 0 || now - knownSince < SETTLED.toNanos()) {
        return OptionalLong.empty();
      }
      double perSlice = (now - startedAt) / 1e9 / done;
      return OptionalLong.of((long) Math.ceil((known - done) * perSlice));
    }

    @Override
    public void page(Slice slice, int count) {
      pages.increment();
      rows.add(count);
    }

    @Override
    public synchronized void slices(int nowDone, int nowKnown) {
      done = Math.max(done, nowDone);
      if (nowKnown > known) {
        known = nowKnown;
        knownSince = time.nanos();
      }
    }

    @Override
    public void stream(StreamResult result) {
      streams.increment();
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Safe for use by several threads. */
  final class Lines implements Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long QUIET_NANOS = Duration.ofSeconds(30).toNanos();

    private final LongAdder rows = new LongAdder();
    private final Time time;
    private final AtomicLong spokenAt;

    Lines(Time time) {
      this.time = time;
      this.spokenAt = new AtomicLong(time.nanos());
    }

    @Override
    public void page(Slice slice, int count) {
      rows.add(count);
    }

    @Override
    public void slices(int done, int known) {
      long spoken = spokenAt.get();
      long now = time.nanos();
      if (now - spoken >= QUIET_NANOS && spokenAt.compareAndSet(spoken, now)) {
        LOG.atInfo()
            .addKeyValue("done", done)
            .addKeyValue("known", known)
            .addKeyValue("rows", rows.sum())
            .log("reading");
      }
    }

    @Override
    public void stream(StreamResult result) {
      spokenAt.set(time.nanos());
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
