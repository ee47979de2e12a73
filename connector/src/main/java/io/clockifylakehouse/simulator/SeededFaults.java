// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Faults by chance: each rule strikes a share of the requests that match it, in its window. What
 * happens to a request follows from the seed, the request, and how often it came before; not from
 * the order in which threads send different ones.
 *
 * <p>Thread-safe.
 */
public final class SeededFaults implements Faults {
  /**
   * Which requests are struck, and by what.
   *
   * @param requests a regular expression that must be found in {@code METHOD /path?query}
   * @param probability from 0 to 1
   * @param kinds what happens, each as likely as the other
   * @param most faults of this rule in all
   * @param inARow faults of this rule, at most, that the same request meets one after the other
   * @param firstRequest number of the first request of the window, from 1
   * @param lastRequest number of the last one
   * @param from begin of the window, since the plan was made
   * @param to end of the window, exclusive
   */
  public record Rule(
      String requests,
      double probability,
      List<FaultKind> kinds,
      int most,
      int inARow,
      int firstRequest,
      int lastRequest,
      Duration from,
      Duration to) {
    public Rule {
      kinds = List.copyOf(kinds);
    }

    /** Without limits. */
    public static Rule of(String requests, double probability, Collection<FaultKind> kinds) {
      return new Rule(
          requests,
          probability,
          kinds.stream().sorted().toList(),
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          1,
          Integer.MAX_VALUE,
          Duration.ZERO,
          Duration.ofDays(36_500));
    }

    public Rule atMost(int faults) {
      return new Rule(
          requests, probability, kinds, faults, inARow, firstRequest, lastRequest, from, to);
    }

    /**
     * Spares a request that was struck so often in a row: a client that repeats it gets through.
     */
    public Rule inARow(int faults) {
      return new Rule(
          requests, probability, kinds, most, faults, firstRequest, lastRequest, from, to);
    }

    public Rule requests(int first, int last) {
      return new Rule(requests, probability, kinds, most, inARow, first, last, from, to);
    }

    public Rule between(Duration begin, Duration end) {
      return new Rule(
          requests, probability, kinds, most, inARow, firstRequest, lastRequest, begin, end);
    }
  }

  /** One request of one rule. */
  private static final class Encounter {
    private int times;
    private int row;
  }

  private static final class Active {
    private final Rule rule;
    private final Pattern pattern;
    private final long seed;
    private final Map<String, Encounter> encounters = new HashMap<>();
    private int left;

    Active(Rule rule, long seed) {
      this.rule = rule;
      this.pattern = Pattern.compile(rule.requests());
      this.seed = seed;
      this.left = rule.most();
    }
  }

  private final Time time;
  private final Instant start;
  private final List<Active> rules = new ArrayList<>();
  private int struck;

  /**
   * @param time what windows and dates are read from
   */
  public SeededFaults(long seed, Time time, Rule... rules) {
    this.time = time;
    this.start = time.now();
    SplittableRandom seeds = new SplittableRandom(seed);
    for (Rule rule : rules) {
      this.rules.add(new Active(rule, seeds.nextLong()));
    }
  }

  /** Faults so far. */
  public synchronized int struck() {
    return struck;
  }

  @Override
  public synchronized Fault on(int number, String method, String target) {
    String request = method + " " + target;
    Instant now = time.now();
    for (Active active : rules) {
      if (isIn(active.rule, number, now) && active.pattern.matcher(request).find()) {
        Fault fault = chance(active, request, now);
        if (!(fault instanceof Fault.None)) {
          struck++;
          return fault;
        }
      }
    }
    return new Fault.None();
  }

  private boolean isIn(Rule rule, int number, Instant now) {
    Duration age = Duration.between(start, now);
    return number >= rule.firstRequest()
        && number <= rule.lastRequest()
        && age.compareTo(rule.from()) >= 0
        && age.compareTo(rule.to()) < 0;
  }

  private static Fault chance(Active active, String request, Instant now) {
    Encounter encounter = active.encounters.computeIfAbsent(request, r -> new Encounter());
    encounter.times++;
    SplittableRandom random =
        new SplittableRandom(active.seed + 31L * request.hashCode() + encounter.times);
    random = random.split(); // neighbouring seeds begin alike
    boolean strikes =
        random.nextDouble() < active.rule.probability()
            && active.left > 0
            && encounter.row < active.rule.inARow();
    if (!strikes) {
      encounter.row = 0;
      return new Fault.None();
    }
    encounter.row++;
    active.left--;
    List<FaultKind> kinds = active.rule.kinds();
    return kinds.get(random.nextInt(kinds.size())).fault(random, now);
  }
}
