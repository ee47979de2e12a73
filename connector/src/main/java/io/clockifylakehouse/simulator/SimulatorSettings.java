// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.Optional;

/**
 * How the simulated service behaves beside its data. Immutable.
 *
 * @param port on loopback; 0: any free one
 * @param requestsPerSecond let through in any sliding second; 0: no cap
 * @param requestsPerHour let through per workspace on the FREE plan in any sliding hour; 0: no cap
 * @param retryAfter whether a 429 says when to come back; Clockify's is not known to
 * @param member whether the key belongs to an ordinary member, who sees what is their own
 * @param gateway present: {@link ClockifySimulator#main()} is a bearer gateway in front
 * @param shuffleSets whether set-like arrays come in another order on every call
 * @param latency added to every answer
 * @param faults what goes wrong
 * @param time clock of the caps, the log and the latency
 */
public record SimulatorSettings(
    int port,
    int requestsPerSecond,
    int requestsPerHour,
    boolean retryAfter,
    boolean member,
    Optional<Gateway> gateway,
    boolean shuffleSets,
    Duration latency,
    Faults faults,
    Time time) {

  /**
   * The gateway (API.md section 2).
   *
   * @param connection the only value of {@code Maton-Connection} it knows
   * @param passesLastPage whether the header that ends paging gets through; unknown of the real one
   */
  public record Gateway(String connection, boolean passesLastPage) {}

  /** Any port, 10 requests in any second, an admin's key, no gateway, no latency, no faults. */
  public static SimulatorSettings defaults() {
    return new SimulatorSettings(
        0,
        10,
        0,
        false,
        false,
        Optional.empty(),
        true,
        Duration.ZERO,
        Faults.NONE,
        new SystemTime());
  }

  /** Without a cap: for tests that are not about rates. */
  public static SimulatorSettings unlimited() {
    return defaults().withRequestsPerSecond(0);
  }

  public SimulatorSettings withPort(int other) {
    return new SimulatorSettings(
        other,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withRequestsPerSecond(int other) {
    return new SimulatorSettings(
        port,
        other,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withRequestsPerHour(int other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        other,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withRetryAfter(boolean other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        other,
        member,
        gateway,
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withMember(boolean other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        other,
        gateway,
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withGateway(Gateway other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        Optional.of(other),
        shuffleSets,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withShuffleSets(boolean other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        other,
        latency,
        faults,
        time);
  }

  public SimulatorSettings withLatency(Duration other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        other,
        faults,
        time);
  }

  public SimulatorSettings withFaults(Faults other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        latency,
        other,
        time);
  }

  public SimulatorSettings withTime(Time other) {
    return new SimulatorSettings(
        port,
        requestsPerSecond,
        requestsPerHour,
        retryAfter,
        member,
        gateway,
        shuffleSets,
        latency,
        faults,
        other);
  }
}
