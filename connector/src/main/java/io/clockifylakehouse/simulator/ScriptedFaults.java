// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Faults in a row: each rule strikes the next requests whose method, path and query match its
 * pattern, so many times, and is then used up. Thread-safe.
 */
public final class ScriptedFaults implements Faults {
  private static final class Rule {
    private final Pattern requests;
    private final Fault fault;
    private final Runnable effect;
    private int left;

    private Rule(Pattern requests, int times, Fault fault, Runnable effect) {
      this.requests = requests;
      this.left = times;
      this.fault = fault;
      this.effect = effect;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  /**
   * @param requests a regular expression that must be found in {@code METHOD /path?query}
   * @param times how many requests it strikes
   */
  public synchronized ScriptedFaults add(String requests, int times, Fault fault) {
    rules.add(new Rule(Pattern.compile(requests), times, fault, () -> {}));
    return this;
  }

  /** Answers with this status and an empty body. */
  public ScriptedFaults status(String requests, int times, int status) {
    return add(requests, times, new Fault.Instead(status, Map.of(), ""));
  }

  /** Does something, such as changing the world, just before the next such request is answered. */
  public synchronized ScriptedFaults before(String requests, Runnable effect) {
    rules.add(new Rule(Pattern.compile(requests), 1, new Fault.None(), effect));
    return this;
  }

  @Override
  public Fault on(int number, String method, String target) {
    Rule rule = next(method + " " + target);
    if (rule == null) {
      return new Fault.None();
    }
    rule.effect.run();
    return rule.fault;
  }

  private synchronized Rule next(String request) {
    Iterator<Rule> remaining = rules.iterator();
    while (remaining.hasNext()) {
      Rule rule = remaining.next();
      if (rule.requests.matcher(request).find()) {
        rule.left--;
        if (rule.left <= 0) {
          remaining.remove();
        }
        return rule;
      }
    }
    return null;
  }
}
