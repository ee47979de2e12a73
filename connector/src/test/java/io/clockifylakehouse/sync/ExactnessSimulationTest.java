// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random changes, faults, kills and conflicts over virtual time: after each clean run the tables
 * equal the service, as far as they have to by then. {@code -Dseed=N -Drounds=N} replays one.
 */
class ExactnessSimulationTest {
  private static final long SEEDS = 4;
  private static final int ROUNDS = Integer.getInteger("rounds", 7);

  @TempDir private Path warehouse;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    long count = Long.getLong("seeds", SEEDS);
    return seed == null ? LongStream.rangeClosed(1, count) : LongStream.range(seed, seed + count);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyCleanRunEndsExact(long seed) {
    try (Simulation simulation = new Simulation(seed, warehouse)) {
      simulation.run(ROUNDS);
    }
  }
}
