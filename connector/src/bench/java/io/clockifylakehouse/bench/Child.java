// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process that is measured whole: its wall and CPU seconds from start to end, and the most memory
 * it ever had. Linux only, for it reads {@code /proc}.
 *
 * <p>CPU seconds are this process's reaped children's: one at a time is measured.
 */
final class Child {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
  private static final long POLL_MILLIS = 20;

  /**
   * @param startNanos when it was started, as {@link System#nanoTime}
   * @param peakBytes resident
   */
  record Figures(
      long startNanos, double wallSeconds, double cpuSeconds, long peakBytes, Path output) {}

  private Child() {}

  /**
   * Runs it to its end.
   *
   * @param output takes both of its streams
   * @throws IllegalStateException when it ends with another exit code than 0
   */
  static Figures run(List<String> command, Map<String, String> env, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(env);
    builder.redirectOutput(output.toFile());
    double cpuBefore = childrenCpuSeconds();
    long start = System.nanoTime();
    Process process = builder.start();
    long peak = 0;
    while (process.isAlive()) {
      peak = Math.max(peak, peakBytes(process.pid()));
      Thread.sleep(POLL_MILLIS);
    }
    int exit = process.waitFor();
    double wall = (System.nanoTime() - start) / 1e9;
    if (exit != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " ended with " + exit + "\n" + Files.readString(output));
    }
    return new Figures(start, wall, childrenCpuSeconds() - cpuBefore, peak, output);
  }

  private static long peakBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // It has just ended.
    }
    return 0;
  }

  private static double childrenCpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
  }
}
