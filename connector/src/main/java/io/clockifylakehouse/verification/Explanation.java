// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.Difference.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Differences in words, the worst first.
 *
 * @param agreement the worst of all
 * @param sampleIds keys of some of the rows, those that mean the worst first
 */
record Explanation(Agreement agreement, String reason, List<String> sampleIds) {
  static final int SAMPLES_MAX = 10;

  /** The rows are alike one by one, and the service's figure is another. */
  static final Explanation CONTRADICTION =
      new Explanation(
          Agreement.UNDECIDED,
          "the service's figure is not what its own list adds up to, and the table has that list",
          List.of());

  private static final String AGAIN = "sync and verify again: what remains is a loss";

  /**
   * @param total how many rows differ; those beyond the judged ones are undecided
   */
  static Explanation of(List<EntryDifferences.Judged> judged, long total) {
    List<EntryDifferences.Judged> worstFirst = new ArrayList<>(judged);
    worstFirst.sort(Comparator.comparing(EntryDifferences.Judged::agreement).reversed());
    Map<Agreement, Map<Kind, Long>> counts = new EnumMap<>(Agreement.class);
    for (EntryDifferences.Judged row : worstFirst) {
      counts
          .computeIfAbsent(row.agreement(), a -> new EnumMap<>(Kind.class))
          .merge(row.difference().kind(), 1L, Long::sum);
    }
    Agreement worst = worstFirst.isEmpty() ? Agreement.UNDECIDED : worstFirst.get(0).agreement();
    long unnamed = total - judged.size();
    List<String> parts = new ArrayList<>();
    for (Agreement agreement :
        List.of(Agreement.DIFFERENT, Agreement.UNDECIDED, Agreement.CHANGED)) {
      counts
          .getOrDefault(agreement, Map.of())
          .forEach((kind, count) -> parts.add(count + " " + words(kind, agreement)));
    }
    if (unnamed > 0) {
      parts.add(unnamed + " more differ");
      worst = worst.or(Agreement.UNDECIDED);
    }
    String advice = worst == Agreement.UNDECIDED ? "; " + AGAIN : "";
    return new Explanation(
        worst,
        String.join(", ", parts) + advice,
        worstFirst.stream().map(row -> row.difference().key()).limit(SAMPLES_MAX).toList());
  }

  private static String words(Kind kind, Agreement agreement) {
    boolean changed = agreement == Agreement.CHANGED;
    return switch (kind) {
      case MISSING ->
          changed
              ? "made since the last sync"
              : agreement == Agreement.DIFFERENT
                  ? "not in the table, though there before the last sync"
                  : "not in the table, and perhaps made since the last sync";
      case SURPLUS ->
          agreement == Agreement.DIFFERENT
              ? "in the table alone, and not as a sync wrote it"
              : "in the table alone: deleted since the last sync, or missed by it";
      case STALE ->
          changed
              ? "stopped since the last sync"
              : "not the same: edited since the last sync, or missed by it";
      case ALTERED -> "altered in the table by another writer";
      case DOUBLED -> "in the table more than once";
    };
  }
}
