// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries grouped by everything a page can filter and add up by: the page's data. It never holds
 * more groups than it may: when more come, it becomes coarser ({@link Grain}), and says so. What it
 * holds always adds up to the same seconds and amounts.
 *
 * <p>Filled by one thread.
 */
final class TimeCube {

  /**
   * What the entries of a group have in common.
   *
   * @param rate position in {@link #rates}
   * @param tags position in {@link #tagSets}
   */
  record Group(int day, int project, int person, int tags, int rate, Kind kind, boolean billable) {}

  /** The sum of a group. */
  static final class Sum {
    private long seconds;
    private int entries;

    long seconds() {
      return seconds;
    }

    int entries() {
      return entries;
    }
  }

  private final int groupsMax;
  private final List<Grain> ladder;
  private final Positions<List<Integer>> tagSets = new Positions<>();
  private final Positions<Rate> rates = new Positions<>();
  private Map<Group, Sum> groups = new HashMap<>();
  private int rung;

  /**
   * @param today what "recent" is measured from
   */
  TimeCube(int groupsMax, LocalDate today) {
    this.groupsMax = groupsMax;
    this.ladder = Grain.ladder(today);
    tagSets.of(List.of());
  }

  /**
   * @throws ConnectorException of code USAGE when even the coarsest groups are too many
   */
  void add(Entry entry) {
    Group group =
        new Group(
            grain().bucket(entry.day()),
            entry.project(),
            entry.person(),
            grain().tags() ? tagSets.of(entry.tags()) : 0,
            rates.of(entry.rate()),
            entry.kind(),
            entry.billable());
    add(groups, group, entry.seconds(), 1);
    while (groups.size() > groupsMax) {
      coarsen();
    }
  }

  private static void add(Map<Group, Sum> groups, Group group, long seconds, int entries) {
    Sum sum = groups.computeIfAbsent(group, key -> new Sum());
    sum.seconds += seconds;
    sum.entries += entries;
  }

  private void coarsen() {
    if (rung == ladder.size() - 1) {
      throw new ConnectorException(
          ErrorCode.USAGE,
          "report: more than "
              + groupsMax
              + " combinations of person, project and month do not fit on one page; name a shorter"
              + " period with --from and --to, or one workspace with --workspace, or take"
              + " --format csv or json, which have no such limit");
    }
    rung++;
    Map<Group, Sum> coarser = new HashMap<>();
    groups.forEach(
        (group, sum) -> {
          Group moved =
              new Group(
                  grain().bucket(group.day()),
                  group.project(),
                  group.person(),
                  grain().tags() ? group.tags() : 0,
                  group.rate(),
                  group.kind(),
                  group.billable());
          add(coarser, moved, sum.seconds(), sum.entries());
        });
    groups = coarser;
  }

  Grain grain() {
    return ladder.get(rung);
  }

  Map<Group, Sum> groups() {
    return groups;
  }

  /** Of tag positions; the first one, which is empty, stands for "not told apart". */
  List<List<Integer>> tagSets() {
    return tagSets.items();
  }

  List<Rate> rates() {
    return rates.items();
  }
}
